// The Slack CLI's start hook (`slack run`): the same bot as `npm start`, with the tokens the CLI hands over under its own names.
const { SLACK_CLI_XOXB, SLACK_CLI_XAPP } = process.env
if (SLACK_CLI_XOXB !== undefined) process.env['SLACK_BOT_TOKEN'] = SLACK_CLI_XOXB
if (SLACK_CLI_XAPP !== undefined) process.env['SLACK_APP_TOKEN'] = SLACK_CLI_XAPP

await import('../src/main.ts')
