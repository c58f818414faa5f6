import type { AgentPorts } from '../agent/ports.ts'

type Settings = AgentPorts['settings']

/** Which charters are called off, as far as it was acted on, and how often each was. */

interface CalledOff {
  readonly isOff: boolean
  readonly times: number
}

const nameOf = (charterId: string): string => `called-off:${charterId}`

async function read(settings: Settings, charterId: string): Promise<CalledOff> {
  const [state, times] = ((await settings.get(nameOf(charterId))) ?? 'on 0').split(' ')
  return { isOff: state === 'off', times: Number(times) }
}

export const timesCalledOff = async (settings: Settings, charterId: string): Promise<number> => (await read(settings, charterId)).times

/** Notes that a charter does not sail. False: that is known, and told. */
export async function markOff(settings: Settings, charterId: string): Promise<boolean> {
  const { isOff, times } = await read(settings, charterId)
  if (!isOff) await settings.set(nameOf(charterId), `off ${times + 1}`)
  return !isOff
}

/** It sails, perhaps again. */
export async function markOn(settings: Settings, charterId: string): Promise<void> {
  const { isOff, times } = await read(settings, charterId)
  if (isOff) await settings.set(nameOf(charterId), `on ${times}`)
}
