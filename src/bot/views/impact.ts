import { CAUSE_WORDS } from '../../services/incidents/cause-wording.ts'
import type { Incident } from '../../services/incidents/incident.ts'
import { moment } from './text.ts'

/** Setting up is no incident to the people who do it: nothing failed, and nothing is to be acknowledged or put off. */
export const isFirst = (kind: Incident['kind']): boolean => kind === 'google_not_connected'

/** Dead tokens that have, or may have, another cure than a consent of the same account. */
const CURED_OTHERWISE = new Set(['account-deleted', 'secret-key'])

/** What it means for the business, in a sentence or two. */
export function impact({ kind, state, evidence, cause }: Incident): string {
  if (cause !== null) return CAUSE_WORDS[cause].impact
  const last = evidence.lastReadAt
  const changes = last === null ? 'What is in it does not arrive' : 'Changes made since then do not arrive'
  const age = last === null ? 'The port sheet has never been read.' : `The port sheet we work with is from ${moment(last)}.`
  if (state === 'recovering') return isFirst(kind) ? 'The port sheet has not been read yet.' : age
  switch (kind) {
    case 'google_not_connected':
      return 'The bot has no access to the port sheet yet. Once a Google account is connected, the first sync follows by itself.'
    case 'rows_quarantined':
      return 'These rows are left out until their cells are corrected. A charter that was read before keeps its last good values.'
    case 'oauth_token_failure':
      return `${age} ${changes} until a person ${CURED_OTHERWISE.has(evidence.hint ?? '') ? 'mends this' : 're-authorizes'}; it does not pass by itself.`
    case 'oauth_token_expiring':
      return `It ends ${moment(evidence.endsAt)}. ${evidence.hint === 'predicted' ? 'The two before it ended seven days after their consent, and so will this one.' : 'Google says so.'} Until then everything works.`
    case 'google_configuration':
      return `${age} ${changes}. Re-authorizing does not help here.`
    case 'sheet_problem':
      return `${age} The last good data is kept.`
    case 'sync_failing':
    case 'sync_stale':
      return `${age} The last good data is kept, and the bot goes on trying.`
    case 'model_refused':
      return 'No session can go on and none begins until a person mends this. Tasks are kept, and no session is lost.'
    case 'model_unavailable':
      return 'Sessions wait and go on where they were; tasks are kept.'
    case 'mcp_changed':
      return 'What a server says about a tool is read by Claude, so a change of it is looked at before the tool is used again. Until then its tools cannot be used, and sessions go on without it.'
    case 'backup_failed':
      return `${evidence.lastSuccessAt === null ? 'There is no good backup yet.' : `The last good backup is from ${moment(evidence.lastSuccessAt)}.`} What came since would be lost with the disk; everything else works.`
    case 'notices_refused':
      return 'Alerts reach Slack and the alert log, but nobody over SNS: on the day Slack is down, nobody would be told. The notices are kept.'
    case 'host_down':
      return 'While the service does not run, no task is worked and nothing is synced; nobody but this card says so.'
    case 'host_memory':
      return 'When memory is used up, the kernel ends a process, and it may be the agent.'
    case 'host_disk':
      return 'When the disk is full, nothing can be recorded: neither tasks nor alerts.'
    case 'host_cpu':
      return 'Everything on the server becomes slow; without burst capacity it is held at a fraction of its speed.'
    case 'host_journal':
      return 'The service runs, but says that what it does keeps failing.'
    case 'host_certificate':
      return 'Once it has ended, browsers refuse the page after the consent, the crew pages and the agreements.'
    case 'host_clock':
      return 'With a wrong clock, Slack and Google refuse requests, and times on cards are not to be trusted.'
    case 'host_unreachable':
      return 'What cannot be seen is not known to be well. What still can be seen is watched as before.'
  }
}
