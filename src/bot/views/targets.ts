import type { Target } from '../../services/messages/outbox.ts'

/** What people call the places that messages go to. */
export const TARGETS: Readonly<Record<Target, string>> = { slack: 'Slack', 'alert-log': 'the alert log', sns: 'SNS' }
