import { dateSerial, timeSerial } from './serials.ts'
import type { Cell, Tab } from './types.ts'

/** The header row of the port sheet. */
const HEADER =
  'ID, Date, Start, End, Vessel, Source, Client, Guests, Guest names, Contact, Captain, Crew, Gross revenue, Crew cost, Port fee, Agreement, Status, Notes'.split(
    ', ',
  )
const PORT_FEE_RATE = 0.18
const FIRST_ID = 1101

const VESSELS = ['Marisol', 'Kestrel', 'Second Wind']
const SOURCES = ['Boatsetter', 'GetMyBoat', 'Sailo', 'Viator', 'Direct']
const SAILS = [
  ['09:30', '12:30'],
  ['13:00', '16:00'],
  ['16:30', '19:30'],
  ['10:00', '16:00'],
] as const
const CAPTAINS = ['Capt. Ana Tradewind', 'Capt. Bo Halyard', 'Capt. Cy Leeward']
const CREW = ['Pip Fender', 'Moss Bowline', 'Wren Cleat', 'Pip Fender, Wren Cleat']
/** One for each charter and one to spare: nobody sails twice. */
const CLIENTS = [
  'Tess Sampleton, Otto Placeholder, Ivy Testerman, Max Exampleson, Nora Madeup, Hugo Pretendo, Lena Fictiva',
  'Finn Dummyvale, Ruth Imaginary, Abel Mockford, Cora Standin, Dale Nobody, Elsa Invented, Gus Supposed',
  'Hana Notreal, Igor Fabled, June Storybook, Karl Mythwood, Lola Fauxley, Milo Unreal, Nina Whoever',
  'Omar Whatsit',
].flatMap((line) => line.split(', '))
const GUESTS = ['Ada Guestly', 'Ben Visitor', 'Cleo Deckhand', 'Dov Passenger', 'Eve Seafarer', 'Fay Daytripper']
const NOTES = ['', 'Birthday on board', '', 'Bringing a cooler', 'Two children, life vests in small', '', 'Vegetarian lunch', '']
const AGREEMENTS = ['signed', 'signed', 'sent', 'pending']

/**
 * About twenty imaginary charters for the given month and the next, the same ones on every call. Dates are serials and
 * times fractions of a day, as a person's typing leaves them in Sheets.
 */
export function seedPortSheet({ year, month }: { year: number; month: number }): Tab[] {
  const next = month === 12 ? { year: year + 1, month: 1 } : { year, month: month + 1 }
  return [seedTab({ year, month }, 0, 12), seedTab(next, 12, 9)]
}

function seedTab({ year, month }: { year: number; month: number }, first: number, count: number): Tab {
  const title = `${year}-${String(month).padStart(2, '0')}`
  const rows = Array.from({ length: count }, (_, index) => {
    const day = 2 + Math.floor((index * 26) / count)
    return charterRow(first + index, `${title}-${String(day).padStart(2, '0')}`, first > 0)
  })
  return { title, rows: [[...HEADER], ...rows] }
}

function charterRow(number: number, date: string, isLater: boolean): Cell[] {
  const client = pick(CLIENTS, number)
  const [start, end] = pick(SAILS, number)
  const guests = 2 + (number % 5)
  const revenue = 640 + ((number * 185) % 1200)
  const status = number % 9 === 5 ? 'cancelled' : isLater || number % 4 === 3 ? 'booked' : number < 3 ? 'done' : 'confirmed'
  return [
    `JC-${FIRST_ID + number}`,
    dateSerial(date),
    timeSerial(start),
    timeSerial(end),
    pick(VESSELS, number),
    pick(SOURCES, number),
    client,
    guests,
    [client, ...GUESTS.slice(0, guests - 1)].join(', '),
    `${client.toLowerCase().replace(' ', '.')}@example.com`,
    // A charter far ahead may not have anybody assigned yet.
    isLater && number % 4 === 0 ? null : pick(CAPTAINS, number),
    isLater && number % 4 === 0 ? null : pick(CREW, number),
    revenue,
    120 + (number % 3) * 60,
    Math.round(revenue * PORT_FEE_RATE * 100) / 100,
    status === 'done' ? 'signed' : isLater ? pick(['pending', 'sent'], number) : pick(AGREEMENTS, number),
    status,
    pick(NOTES, number) || null,
  ]
}

function pick<T>(list: readonly T[], number: number): T {
  const item = list[number % list.length]
  if (item === undefined) throw new Error('an empty list to pick from')
  return item
}
