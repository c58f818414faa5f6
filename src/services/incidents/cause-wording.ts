import type { DutyKey } from '../signals/signal.ts'
import type { CommonCause } from './incident.ts'

/** Words about what several duties fail of together. Actions are without a full stop. */
export const CAUSE_WORDS: Readonly<
  Record<CommonCause, { readonly title: string; readonly resolved: string; readonly impact: string; readonly action: string }>
> = {
  network: {
    title: 'The server cannot reach the services it works with; its network seems to be cut',
    resolved: 'The server reaches the services it works with again',
    impact: 'What needs the network waits until it is back; it is kept, and tried again by itself.',
    action: 'Check the network of the server: its connection, its DNS and its firewall; then write `retry` in this thread',
  },
  server: {
    title: 'The server is down, or does not answer',
    resolved: 'The server runs and answers again',
    impact: 'While the server is down, no task is worked and nothing is synced there, and nobody can look into it.',
    action: 'Look at the instance in the Lightsail console: start it, or reboot it if it says that it runs',
  },
  memory: {
    title: "The server ran out of memory, and the kernel ended the agent's service",
    resolved: "The server has memory again, and the agent's service runs",
    impact:
      'While the service does not run, no task is worked and nothing is synced; started again without more memory, it will end again.',
    action: 'Find what holds the memory (`systemd-cgtop -m` shows it), end it, and start the service; or take a larger plan',
  },
  disk: {
    title: 'The disk of the server is full, and backups fail',
    resolved: 'The disk of the server has room again, and backups are made',
    impact: 'When nothing can be written any more, neither tasks nor alerts are recorded.',
    action: 'Free space: look at `journalctl --disk-usage`, old logs and the folder of `JADA_DATA_DIR`',
  },
}

/** What it means that a duty is not done, in a few words. */
export const FAILS: Readonly<Record<DutyKey, string>> = {
  'port-sheet/sync': 'The port sheet is not synced',
  'port-sheet/rows': 'Rows of the port sheet cannot be read',
  'port-sheet/consent': 'The Google token ends soon',
  'agent/model': 'Claude cannot be reached',
  'agent/mcp': 'A tool that sessions use has changed',
  'bot/backup': 'Backups fail',
  'bot/notices': 'SNS publishes nothing',
  'host/service': "The agent's service does not run",
  'host/memory': 'The server is short of memory',
  'host/disk': 'The disk of the server is filling up',
  'host/cpu': 'The server is short of CPU',
  'host/status-checks': 'The server does not pass its status checks',
  'host/journal': "The journal of the agent's service shows failures",
  'host/clock': 'The clock of the server is wrong',
  'host/certificate': "The certificate of the bot's public address ends soon",
  'host/reach': 'The server cannot be watched as a whole',
}
