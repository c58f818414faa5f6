/** What SNS asks of a notice, by the API reference of Publish and the developer guide's "message attributes". */

export interface Notice {
  readonly topic: string
  readonly subject: string | null
  readonly message: string
  readonly attributes: Readonly<Record<string, string>>
  readonly group: string | null
  readonly deduplication: string | null
}

const KNOWN =
  /^(?:Action|Version|TopicArn|Message|Subject|MessageGroupId|MessageDeduplicationId|MessageAttributes\.entry\.\d+\.(?:Name|Value\.(?:DataType|StringValue)))$/
const MOST_BYTES = 262_144
const TOPIC = /^arn:aws:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}(?:\.fifo)?$/
const TOKEN = /^[\x21-\x7e]{1,128}$/

/** Its name, or the parameter that is wrong. */
type Read<T> = { readonly value: T } | { readonly wrong: string }

function subjectTrouble(subject: string | null): string | null {
  if (subject === null) return null
  if (subject === '' || subject.length >= 100) return 'Subject'
  return /^[\x21-\x7e][\x20-\x7e]*$/.test(subject) ? null : 'Subject'
}

function readAttributes(form: URLSearchParams): Read<Record<string, string>> {
  const found: Record<string, string> = {}
  const count = [...form.keys()].filter((name) => /^MessageAttributes\..*\.Name$/.test(name)).length
  for (let index = 1; index <= count; index += 1) {
    const at = `MessageAttributes.entry.${index}`
    const name = form.get(`${at}.Name`)
    const type = form.get(`${at}.Value.DataType`)
    const text = form.get(`${at}.Value.StringValue`)
    const isName = name !== null && /^(?!\.)[\w.-]{1,256}(?<!\.)$/.test(name) && !name.includes('..') && !/^(?:aws|amazon)\./i.test(name)
    if (!isName || found[name] !== undefined) return { wrong: `${at}.Name` }
    if (type === null || !/^(?:String|Number)(?:\.[\w.-]+)?$/.test(type)) return { wrong: `${at}.Value.DataType` }
    if (text === null || text === '') return { wrong: `${at}.Value.StringValue` }
    found[name] = text
  }
  return { value: found }
}

/** Both belong to topics of the kind FIFO, and to them alone; a group is taken by others as well. */
function fifoTrouble(topic: string, group: string | null, deduplication: string | null): string | null {
  if (group !== null && !TOKEN.test(group)) return 'MessageGroupId'
  if (deduplication !== null && !TOKEN.test(deduplication)) return 'MessageDeduplicationId'
  if (!topic.endsWith('.fifo')) return deduplication === null ? null : 'MessageDeduplicationId'
  if (group === null) return 'MessageGroupId'
  return deduplication === null ? 'MessageDeduplicationId' : null
}

/** Reads a form as Publish takes it. */
export function readNotice(form: URLSearchParams): Read<Notice> {
  const unknown = [...form.keys()].find((name) => !KNOWN.test(name))
  if (unknown !== undefined) return { wrong: unknown }
  const topic = form.get('TopicArn') ?? ''
  if (!TOPIC.test(topic)) return { wrong: 'TopicArn' }
  const subject = form.get('Subject')
  const badSubject = subjectTrouble(subject)
  if (badSubject !== null) return { wrong: badSubject }
  const message = form.get('Message') ?? ''
  const attributes = readAttributes(form)
  if ('wrong' in attributes) return attributes
  const size = Buffer.byteLength(message) + Buffer.byteLength(Object.entries(attributes.value).flat().join(''))
  if (message === '' || size > MOST_BYTES) return { wrong: 'Message' }
  const [group, deduplication] = [form.get('MessageGroupId'), form.get('MessageDeduplicationId')]
  const fifo = fifoTrouble(topic, group, deduplication)
  if (fifo !== null) return { wrong: fifo }
  return { value: { topic, subject, message, attributes: attributes.value, group, deduplication } }
}
