/** A number as people read it. Where it needs no comma it is spared the loading of the browser's number formats. */
export const amount = (count: number): string => (count < 1_000 ? `${count}` : count.toLocaleString('en'))
