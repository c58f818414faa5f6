import type { ConsentChoice } from '../google/google.ts'
import type { PageSeen } from '../world/browser.ts'
import { consentLinks } from '../world/buttons.ts'
import { SETTING } from '../world/setting.ts'
import { NONE, requireSlack } from './stage.ts'
import type { Aftermath, Stage } from './stage.ts'

/** Presses the newest link that still leads to Google. Null: there is none. */
async function followLink({ world, say }: Stage, choice: ConsentChoice, act: string): Promise<PageSeen | null> {
  const { slack } = world
  for (const { url, value: _value, ...link } of consentLinks(slack, SETTING.operator)) {
    // The browser opens the link whether or not the bot hears of the click.
    if (slack.socket.connected() > 0) await slack.click({ user: SETTING.operator, ...link })
    const page = await world.browse(url ?? '', choice)
    if (!page.reachedGoogle) continue
    say(act)
    return page
  }
  return null
}

export async function consent(stage: Stage, account: 'office' | 'captain', deny: boolean): Promise<Aftermath> {
  const choice = { account: account === 'office' ? SETTING.office : SETTING.captain, deny }
  const act = `${choice.account} opens the link to Google in a browser and ${deny ? 'presses Cancel' : 'consents'}.`
  const page = (await followLink(stage, choice, act)) ?? (await askForLink(stage, choice, act))
  stage.say(`The page it ends on says: ${page.title}. ${page.lines.join(' ')}`)
  return NONE
}

async function askForLink(stage: Stage, choice: ConsentChoice, act: string): Promise<PageSeen> {
  stage.say('No link in the channel leads to Google now, so @mara asks for a fresh one with /jada reauth.')
  requireSlack(stage)
  const page = await stage.world.connect(choice)
  stage.say(act)
  return page
}
