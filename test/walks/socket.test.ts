import { afterEach, expect, it } from 'vitest'
import { createWorld, type World } from '../support/world.ts'

let world: World
afterEach(() => world.dispose())

it('says so when another connection of the same app may swallow clicks', async () => {
  world = await createWorld()
  expect(world.logText()).not.toContain('connections are open')
  const opened = await fetch(`${world.app.core.config.slack.apiUrl}apps.connections.open`, {
    method: 'POST',
    headers: { authorization: 'Bearer xapp-test' },
  })
  const { url } = (await opened.json()) as { url: string }
  const ghost = new WebSocket(url)
  await new Promise((resolve) => ghost.addEventListener('open', resolve, { once: true }))
  await world.stop()
  await world.restart()
  await expect.poll(() => world.logText()).toContain('2 Socket Mode connections are open')
  ghost.close()
})
