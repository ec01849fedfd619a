// What Lighthouse says of pages on its simulated phone. The speed depends on the machine, so it is printed and never asserted.
import assert from 'node:assert/strict'
import { join } from 'node:path'

import { install } from '../../scripts/install.mjs'
import { CHROMIUM_FLAGS } from '../support/browser/browser.ts'
import { findChromium } from '../support/browser/chromium.ts'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { call } from '../support/documentation/packed.ts'
import { exhaustive } from '../support/runner/scope.ts'
import { seedWorld } from '../support/server/populated-server.ts'

const FOLDER = join(import.meta.dirname, 'lighthouse')
const ASSERTED = ['accessibility', 'best-practices'] as const

interface Report {
  readonly lighthouseVersion: string
  readonly categories: Readonly<Record<(typeof ASSERTED)[number] | 'performance', Category>>
  readonly audits: Readonly<Record<string, Audit>>
}

interface Category {
  readonly score: number | null
  readonly auditRefs: readonly { readonly id: string; readonly weight: number }[]
}

interface Audit {
  readonly score: number | null
  readonly displayValue?: string
  readonly numericValue?: number
  readonly details?: { readonly items?: readonly unknown[] }
}

exhaustive(
  'Lighthouse finds nothing against accessibility and best practices of sign-in, account, users and /docs',
  async (t) => {
    await install(FOLDER, { what: 'the packages of test/browser/lighthouse' })
    const { baseUrl, cookies } = await seedWorld(t)
    const home = await temporaryFolder(t)
    for (const { path, cookie } of [
      { path: '/sign-in' },
      { path: '/account', cookie: cookies.admin },
      { path: '/admin/users', cookie: cookies.admin },
      { path: '/docs' },
    ]) {
      const { categories, audits } = await reportOn(`${baseUrl}${path}`, { home, ...(cookie && { cookie }) })
      const seen = ['first-contentful-paint', 'total-blocking-time', 'largest-contentful-paint', 'total-byte-weight']
      const figures = seen.map((id) => audits[id]?.displayValue ?? `${id}: ${audits[id]?.numericValue}`)
      t.diagnostic(`${path}: speed ${categories.performance.score} (${figures.join(', ')})`)
      const faults = ASSERTED.flatMap((name) => faultsIn(categories[name], audits))
      assert.deepEqual(faults, [], path)
      assert.deepEqual(
        ASSERTED.map((name) => categories[name].score),
        [1, 1],
        path,
      )
    }
  },
)

/** Lighthouse starts a Chromium of its own, with an empty profile, as a phone with a slow processor on a slow network. */
async function reportOn(
  url: string,
  { home, cookie }: { readonly home: string; readonly cookie?: string },
): Promise<Report> {
  const { executable, env } = findChromium()
  const { code, stdout, stderr } = await call(process.execPath, {
    args: [
      join(FOLDER, 'node_modules', 'lighthouse', 'cli', 'index.js'),
      url,
      '--quiet',
      '--output=json',
      '--output-path=stdout',
      '--no-enable-error-reporting',
      '--only-categories=performance,accessibility,best-practices',
      `--chrome-flags=${CHROMIUM_FLAGS.map((flag) => flag.replace(/=(.*)$/, '="$1"')).join(' ')}`,
      ...(cookie === undefined ? [] : [`--extra-headers=${JSON.stringify({ cookie })}`]),
    ],
    cwd: home,
    env: { ...env, CHROME_PATH: executable, HOME: home },
  })
  assert.equal(code, 0, stderr)
  const report = JSON.parse(stdout) as Report & { finalDisplayedUrl: string }
  assert.equal(report.finalDisplayedUrl, url)
  return report
}

/** The audits of a category that count and are not passed, with what they name. */
function faultsIn({ auditRefs }: Category, audits: Report['audits']): string[] {
  return auditRefs
    .filter(({ id, weight }) => weight > 0 && audits[id]?.score !== null && audits[id]?.score !== 1)
    .map(({ id }) => `${id}: ${JSON.stringify(audits[id]?.details?.items)?.slice(0, 1000)}`)
}
