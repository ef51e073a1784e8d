import { expect, test } from 'vitest'
import { isStorableRequest } from './storable.ts'

const JSON_TYPE = 'application/json; charset=utf-8'
const FORM_TYPE = 'application/x-www-form-urlencoded'

const basic = (text: string) => ({ Authorization: `Basic ${btoa(text)}` })
const post = (body: string, type: string, headers = {}, query = '') =>
  new Request(`https://margin.example/x${query}`, {
    method: 'POST',
    body,
    headers: { 'Content-Type': type, ...headers },
  })

test.each<[string, Request]>([
  ['a query', new Request('https://margin.example/x?id=a%00b')],
  ['the query of a POST', post('{}', JSON_TYPE, {}, '?id=%00')],
  ['a field of JSON', post(String.raw`{"email":"a\u0000b"}`, JSON_TYPE)],
  ['a list in JSON', post(String.raw`{"redirect_uris":["https://x.example/\u0000"]}`, JSON_TYPE)],
  ['a name of a field of JSON', post(String.raw`{"a\u0000":1}`, JSON_TYPE)],
  ['the end of a surrogate pair', post(String.raw`{"name":"\uDE00"}`, JSON_TYPE)],
  ['the start of a surrogate pair', post(String.raw`{"name":"\ud83dx"}`, JSON_TYPE)],
  ['JSON, unescaped', post('{"name":"a\0b"}', JSON_TYPE)],
  ['a form', post('client_id=a%00b', FORM_TYPE)],
  ['a form, not encoded', post('client_id=a\0b', FORM_TYPE)],
  ['a form with parameters in its type', post('client_id=a%00b', `${FORM_TYPE};charset=UTF-8`)],
  ['Basic credentials', post('', FORM_TYPE, basic('a\0b:secret'))],
  ['percent-encoded Basic credentials', post('', FORM_TYPE, basic('a%00b:secret'))],
])('AUTH-101 text that cannot be stored is found in %s', async (_, request) => {
  expect(await isStorableRequest(request)).toBe(false)
})

test.each<[string, Request]>([
  ['nothing', new Request('https://margin.example/x')],
  ['a percent sign in JSON', post('{"password":"100%00"}', JSON_TYPE)],
  ['an escaped backslash in JSON', post(String.raw`{"password":"\\u0000"}`, JSON_TYPE)],
  ['a whole surrogate pair', post(String.raw`{"name":"\ud83e\udd5b"}`, JSON_TYPE)],
  ['invalid JSON', post(String.raw`{"name":"\u0000`, JSON_TYPE)],
  ['an encoded percent sign in a form', post('state=%2500', FORM_TYPE)],
  ['Basic credentials', post('', FORM_TYPE, basic('client:secret'))],
  ['a token', post('', FORM_TYPE, { Authorization: 'Bearer AAAA' })],
])('AUTH-101 text that can be stored passes: %s', async (_, request) => {
  expect(await isStorableRequest(request)).toBe(true)
  await request.text()
})
