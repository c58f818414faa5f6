import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PageScript } from '../views/sign-page.ts'
import type { Route } from './reply.ts'

export interface Assets {
  readonly routes: Readonly<Record<string, Route>>
  /** For the signing page: the library, and what joins it to the page. */
  readonly signing: { readonly library: PageScript; readonly page: PageScript }
}

const A_YEAR = 'public, max-age=31536000, immutable'

/** A file that never changes under its address: the address holds a part of its hash. */
function serve(name: string, body: string): { readonly script: PageScript; readonly route: Route } {
  const hash = createHash('sha384').update(body).digest('base64')
  const version = createHash('sha256').update(body).digest('hex').slice(0, 16)
  return {
    // Relative, so that a proxy may serve us under a path of its own.
    script: { src: `../assets/${name}?v=${version}`, integrity: `sha384-${hash}` },
    route: ({ query }) =>
      Promise.resolve({
        status: 200,
        headers: {
          'content-type': 'text/javascript; charset=utf-8',
          'cache-control': query.get('v') === version ? A_YEAR : 'no-cache',
          'x-content-type-options': 'nosniff',
          'cross-origin-resource-policy': 'same-origin',
          'x-robots-tag': 'noindex',
        },
        body,
      }),
  }
}

const ours = (name: string): string => fileURLToPath(new URL(`../assets/${name}`, import.meta.url))
/** The whole library in one file, as its makers built it. */
const signaturePad = (): string => join(dirname(createRequire(import.meta.url).resolve('signature_pad')), 'signature_pad.umd.min.js')

/** Reads the files once. Throws when one is missing: then the installation is broken. */
export function createAssets(): Assets {
  const library = serve('signature-pad.js', readFileSync(signaturePad(), 'utf8'))
  const page = serve('sign.js', readFileSync(ours('sign.js'), 'utf8'))
  return {
    routes: { '/assets/signature-pad.js': library.route, '/assets/sign.js': page.route },
    signing: { library: library.script, page: page.script },
  }
}
