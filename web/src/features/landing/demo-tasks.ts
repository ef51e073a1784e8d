/** The tasks on the start page; those `done` are ticked when it opens. */
export const demoTasks: readonly { title: string; done?: boolean }[] = [
  { title: 'Tick this line' },
  { title: 'Ring the dentist before noon' },
  { title: 'Book the 07:40 to Lisbon, seat by the window' },
  { title: 'Finish the slides for Thursday' },
  { title: 'Return the library books', done: true },
  { title: 'Water the fig', done: true },
]
