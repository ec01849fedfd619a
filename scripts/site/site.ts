// `npm run site`: the documentation as static files in the folder site/. It installs VitePress at first use, by a manifest of its own. With
// `-- --serve` it serves them on this machine. docs/releasing.md describes the other options.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

import { install } from '../install.mjs'
import { fail, say } from '../say.mjs'
import { buildSite } from './build.ts'
import { planSite, SiteFaults, type SitePlan } from './plan.ts'
import { serveFolder } from './static-server.ts'

const ROOT = join(import.meta.dirname, '..', '..')

const options = readOptions()
const plan = readPlan()
await install(import.meta.dirname, { what: 'VitePress, which builds the site' })
say(`Building ${plan.pages.size} pages …`)
const started = performance.now()
await buildSite(plan, options)
say(`The site is in ${options.out} (${((performance.now() - started) / 1000).toFixed(0)} s).`)
if (options.serve) {
  const { port } = await serveFolder(options.out, options)
  say(`It is served on http://localhost:${port}${options.base} until Ctrl-C.`)
}

interface Options {
  readonly base: string
  readonly from: string
  readonly out: string
  readonly port: number
  readonly serve: boolean
  readonly sourceUrl: string | undefined
}

function readOptions(): Options {
  try {
    const { values } = parseArgs({
      options: {
        base: { type: 'string', default: '/' },
        from: { type: 'string', default: ROOT },
        out: { type: 'string', default: join(ROOT, 'site') },
        port: { type: 'string', default: '8080' },
        serve: { type: 'boolean', default: false },
        source: { type: 'string' },
      },
    })
    const sourceUrl = values.source ?? sourceUrlOfManifest()
    if (sourceUrl?.includes('{path}') === false)
      throw new Error('--source needs {path} where the path of a file belongs')
    return {
      base: `/${values.base}/`.replaceAll(/\/+/g, '/'),
      from: resolve(values.from),
      out: resolve(values.out),
      port: Number(values.port),
      serve: values.serve,
      sourceUrl,
    }
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error))
  }
}

/** Where the repository is public, as package.json says once it is known (docs/releasing.md), its files are read there. */
function sourceUrlOfManifest(): string | undefined {
  const { repository } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    repository?: string | { url: string }
  }
  const url = typeof repository === 'object' ? repository.url : repository
  return url && `${url.replace(/^git\+/, '').replace(/\.git$/, '')}/blob/HEAD/{path}`
}

function readPlan(): SitePlan {
  try {
    return planSite(options.from)
  } catch (error) {
    if (error instanceof SiteFaults) return fail(error.message)
    throw error
  }
}
