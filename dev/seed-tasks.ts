const VERBS = ['Call', 'Write to', 'Meet', 'Ask', 'Thank', 'Pay', 'Visit', 'Remind']
const PEOPLE = [
  'the dentist',
  'Ada',
  'the landlord',
  'Grace',
  'the bank',
  'Linus',
  'the school',
  'Margaret',
  'Åse',
]
const THINGS = [
  'the invoice',
  'Sunday’s dinner',
  'the train tickets',
  'the garden fence',
  'next week’s plan',
  'the bike',
]
const DETAILS = [
  'Ask for a receipt.',
  'Number is on the fridge.',
  'Before noon is best.\nElse the day after.',
]

/** Returns the n-th of an endless list of realistic tasks: the same each time, two of three open. */
export function makeTask(n: number) {
  const title = `${pick(VERBS, n)} ${pick(PEOPLE, n * 5 + 1)} about ${pick(THINGS, n * 7 + 2)}`
  const numbered = n < VERBS.length ? title : `${title} (${n + 1})`
  return {
    title: numbered,
    completed: n % 3 === 2,
    ...(n % 4 === 0 && { description: pick(DETAILS, n / 4) }),
  }
}

const pick = (list: readonly string[], n: number) => list[n % list.length] ?? ''
