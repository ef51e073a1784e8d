import pg from 'pg'

/** A value in Neon's answer: JSON, or `null` for SQL's NULL. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

/** Returns a parameter as the text that Postgres parses, as Neon's proxy writes it. */
export function toText(value: Json): string | null {
  if (value === null || typeof value === 'string') return value
  if (Array.isArray(value)) return toArrayText(value)
  return JSON.stringify(value)
}

function toArrayText(items: Json[]): string {
  const texts = items.map((item) => {
    if (item === null) return 'NULL'
    if (Array.isArray(item)) return toArrayText(item)
    if (typeof item === 'number' || typeof item === 'boolean') return String(item)
    const text = typeof item === 'string' ? item : JSON.stringify(item)
    return `"${text.replace(/[\\"]/g, '\\$&')}"`
  })
  return `{${texts.join(',')}}`
}

/** Types whose values Neon writes as JSON when raw text is not requested; the others, even int8, stay text. */
const FROM_TEXT: Record<number, (text: string) => Json> = {
  [pg.types.builtins.BOOL]: (text) => text === 't',
  [pg.types.builtins.INT2]: Number,
  [pg.types.builtins.INT4]: Number,
  [pg.types.builtins.FLOAT4]: finiteOrText,
  [pg.types.builtins.FLOAT8]: finiteOrText,
  [pg.types.builtins.JSON]: (text) => JSON.parse(text) as Json,
  [pg.types.builtins.JSONB]: (text) => JSON.parse(text) as Json,
}

function finiteOrText(text: string): Json {
  const number = Number(text)
  return Number.isFinite(number) ? number : text
}

/** Item type by array type, for built-in types. */
const ITEM_OF: Record<number, number> = {
  199: 114, // json
  1000: 16, // bool
  1001: 17, // bytea
  1005: 21, // int2
  1007: 23, // int4
  1009: 25, // text
  1014: 1042, // char
  1015: 1043, // varchar
  1016: 20, // int8
  1021: 700, // float4
  1022: 701, // float8
  1041: 869, // inet
  1115: 1114, // timestamp
  1182: 1082, // date
  1183: 1083, // time
  1185: 1184, // timestamptz
  1187: 1186, // interval
  1231: 1700, // numeric
  2951: 2950, // uuid
  3807: 3802, // jsonb
}

/** Returns a value of the type `oid` as the JSON that Neon answers without `Neon-Raw-Text-Output: true`. */
export function fromText(text: string | null, oid: number): Json {
  if (text === null) return null
  const item = ITEM_OF[oid]
  if (item !== undefined) return parseArray(text, (each) => fromText(each, item))
  const parse = FROM_TEXT[oid]
  return parse ? parse(text) : text
}

/** The parser of arrays in pg-types, whose declarations describe an older version. */
interface ArrayParser {
  create(text: string, parseItem: (text: string) => Json): { parse(): Json[] }
}

function parseArray(text: string, parseItem: (text: string) => Json): Json[] {
  const parser = pg.types.arrayParser as typeof pg.types.arrayParser & ArrayParser
  return parser.create(text, parseItem).parse()
}
