import { spawn } from 'node:child_process'

/** What opens an address on this system, and its arguments before the address. */
function openerOf(platform: NodeJS.Platform): readonly [string, ...string[]] {
  if (platform === 'darwin') return ['open']
  return platform === 'win32' ? ['cmd', '/c', 'start', ''] : ['xdg-open']
}

/** Opens the person's browser; `failed` is called when there is none. */
export function openBrowser(address: string, failed: () => void): void {
  const [command, ...before] = openerOf(process.platform)
  const child = spawn(command, [...before, address], { stdio: 'ignore', detached: true })
  child.once('error', failed)
  child.once('exit', (code) => {
    if (code !== 0) failed()
  })
  child.unref()
}
