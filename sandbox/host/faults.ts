/** What can be made wrong with the watched host, each on its own. */
export const HOST_FAULTS = ['service', 'memory', 'disk', 'burst', 'checks', 'journal', 'ssh', 'certificate', 'aws-key', 'aws-slow'] as const
export type HostFault = (typeof HOST_FAULTS)[number]

export interface FaultWords {
  readonly name: string
  /** What has happened, in one line. */
  readonly says: string
  /** Whether the host itself is in trouble, or the way to it. */
  readonly where: 'host' | 'way'
  /** So many looks of the bot must find it before it is an alert; the limits and their reasons are the bot's. */
  readonly looks: number
  readonly follows: 'CRITICAL' | 'WARNING'
}

const onHost = (name: string, says: string, looks: number): FaultWords => ({ name, says, where: 'host', looks, follows: 'CRITICAL' })
/** Not to see is no proof of trouble: it is a warning, and takes longer. */
const onWay = (name: string, says: string): FaultWords => ({ name, says, where: 'way', looks: 3, follows: 'WARNING' })

export const FAULT_WORDS: Readonly<Record<HostFault, FaultWords>> = {
  service: onHost('Service stopped', 'jada-agent.service has failed.', 1),
  memory: onHost('Memory full', '97 % of 914 MB is in use.', 2),
  disk: onHost('Disk filling', '94 % of the disk is used.', 2),
  burst: onHost('CPU burst used up', 'The CPU is held at its baseline.', 2),
  checks: onHost('Status check failed', "Lightsail's own check fails.", 1),
  journal: onHost('Token errors', 'The journal is full of them.', 1),
  ssh: onWay('SSH refused', 'Nobody listens on its port.'),
  certificate: onWay('Certificate refused', 'SSH does not let our user in.'),
  'aws-key': onWay('AWS refuses the key', 'It was taken back, or has expired.'),
  'aws-slow': onWay('AWS slows us down', 'Every request is one too many.'),
}

const times = (count: number): string => (['the first', 'the second', 'the third'] as const)[count - 1] ?? `look ${count}`

/** `CRITICAL at the second look.` */
export const followsOf = ({ looks, follows }: FaultWords): string => `${follows} at ${times(looks)} look.`
