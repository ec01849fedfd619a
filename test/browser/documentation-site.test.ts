// The documentation as a site: built by its command from this clone, served as static files below a path, and opened in Chromium.
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { appendFile, cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, type TestContext } from 'node:test'
import type { Page } from 'playwright-core'

import { shippedTokens } from '#foundation/platform/config/accent.ts'
import { GROUPS, INDEX, pathOnSite, planSite } from '../../scripts/site/plan.ts'
import { serveFolder } from '../../scripts/site/static-server.ts'
import { accessibilityViolations, loadAxe } from '../support/browser/accessibility.ts'
import { type BrowserOptions, openBrowser } from '../support/browser/browser.ts'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { ROOT } from '../support/documentation/markdown.ts'
import { call } from '../support/documentation/packed.ts'
import { exhaustive } from '../support/runner/scope.ts'

/** The site is served below a path, as it would be beside other things. */
const BASE = '/manual/'
const PLAN = planSite(ROOT)

let building: Promise<string> | undefined

after(async () => {
  if (building !== undefined) await rm(dirname(await building), { recursive: true, force: true })
})

/** The folder of the site, which is built once. */
function built(): Promise<string> {
  building ??= mkdtemp(join(tmpdir(), 'doorward-site-test-')).then(async (folder) => {
    const out = join(folder, 'site')
    const { code, stdout, stderr } = await site(`--base=${BASE}`, `--out=${out}`)
    assert.equal(code, 0, stdout + stderr)
    return out
  })
  return building
}

function site(...args: string[]): ReturnType<typeof call> {
  return call(process.execPath, {
    args: ['--disable-warning=ExperimentalWarning', join(ROOT, 'scripts', 'site', 'site.ts'), ...args],
    cwd: ROOT,
  })
}

interface Opened {
  readonly page: Page
  /** Of a path on the site, such as `run.html`. */
  readonly url: (path: string) => string
  /** What went wrong since the page was opened: errors in the console, requests to other hosts, answers that are errors. */
  readonly faults: string[]
}

/** Opens a blank page beside a server of the site. */
async function open(t: TestContext, folder: string, options: BrowserOptions = {}): Promise<Opened> {
  const { server, port } = await serveFolder(folder, { base: BASE, port: 0 })
  t.after(() => server.close())
  const page = await openBrowser(t, { reducedMotion: 'reduce', ...options })
  const faults: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) faults.push(`${page.url()}: ${message.text()}`)
  })
  page.on('pageerror', (error) => faults.push(`${page.url()}: ${error.message}`))
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url())
    if (protocol !== 'data:' && host !== `localhost:${port}`) faults.push(`${page.url()} asks ${request.url()}`)
  })
  page.on('response', (response) => {
    if (response.status() >= 400) faults.push(`${page.url()}: ${response.status()} for ${response.url()}`)
  })
  return { page, faults, url: (path) => `http://localhost:${port}${BASE}${path}` }
}

/** Opens a page of the site and waits until its scripts run: Vue marks the element in which it has taken over what the server made. */
async function visit(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await page.waitForFunction(() => '__vue_app__' in (document.querySelector('#app') ?? {}))
  await page.getByRole('heading', { level: 1 }).waitFor()
}

const htmlOf = (source: string): string => pathOnSite(source).replace(/\.md$/, '.html')

/** A page of each group. */
const ONE_OF_EACH = PLAN.groups.map(({ entries }) => htmlOf(entries[0]?.source ?? ''))

/** Runs in the page. What is wider than the screen, or has to be scrolled sideways but for blocks of code. */
function wider(): string[] {
  const room = document.documentElement.clientWidth
  const page = document.documentElement.scrollWidth > room ? [`${document.documentElement.scrollWidth} px wide`] : []
  const boxes = Array.from(document.querySelectorAll('main *'))
    .filter((box) => box.checkVisibility() && box.closest('pre') === null && !box.matches('div[class*="language-"]'))
    .filter((box) => box.clientWidth > 1 && getComputedStyle(box).overflowX !== 'visible')
    .filter((box) => box.scrollWidth > box.clientWidth + 1)
  return [...page, ...boxes.map((box) => box.outerHTML.slice(0, 120))]
}

exhaustive(
  'every page of the index opens, without an error, a request to another host or a scroll sideways',
  async (t) => {
    const { page, url, faults } = await open(t, await built(), { viewport: { width: 320, height: 700 } })
    await visit(page, url(''))
    await page.getByRole('link', { name: 'Get started', exact: true }).click()
    const sidebar = page.locator('.VPSidebar')
    await sidebar.locator('.depth-0').first().waitFor({ state: 'attached' })
    assert.deepEqual(await sidebar.locator('.depth-0 > summary').allTextContents(), [...GROUPS])
    const links = await sidebar
      .getByRole('link', { includeHidden: true })
      .evaluateAll((found: HTMLAnchorElement[]) => found.map(({ href }) => href))
    const expected = PLAN.groups.flatMap(({ entries }) =>
      entries.flatMap(({ source }) => {
        const listed = PLAN.folders.get(source)?.map((one) => url(htmlOf(one.source)))
        return listed === undefined ? url(htmlOf(source)) : [url(`${pathOnSite(source)}/`), ...listed]
      }),
    )
    assert.deepEqual(links, expected)
    for (const link of [url(''), url('pages.html'), ...links]) {
      await visit(page, link)
      const isStart = link === url('')
      assert.equal(
        await page.locator('.entry[aria-current="page"]').count(),
        isStart || link === url('pages.html') ? 0 : 1,
        link,
      )
      for (const width of [1280, 320]) {
        await page.setViewportSize({ width, height: 700 })
        faults.push(...(await page.evaluate(wider)).map((fault) => `${link} at ${width} px: ${fault}`))
      }
    }
    assert.deepEqual(faults, [])
  },
)

exhaustive('a search finds a page by the words of its heading, and the server answers nothing but files', async (t) => {
  const { page, url, faults } = await open(t, await built())
  const source = PLAN.groups[2]?.entries[0]?.source ?? ''
  await visit(page, url(''))
  await page.keyboard.press('Control+k')
  await page.getByRole('searchbox').fill(PLAN.pages.get(source)?.title ?? '')
  const results = page.getByRole('dialog').getByRole('link')
  await results.first().waitFor()
  const target = new URL(url(htmlOf(source))).pathname
  await results
    .and(page.locator(`[href^="${target}#"]`))
    .first()
    .click()
  await page.waitForURL(`${url(htmlOf(source))}#*`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  assert.deepEqual(faults, [])
})

exhaustive(
  'both themes have the colours of the program’s pages and their typefaces, and the switch is remembered',
  async (t) => {
    const folder = await built()
    const typefaces = globSync('**/*.{woff,woff2,ttf}', { cwd: folder })
    assert.match(typefaces.join(' '), /^assets\/headings\.[\w-]+\.woff2$/)
    const { page, url, faults } = await open(t, folder, { colorScheme: 'light' })
    const [path = ''] = ONE_OF_EACH
    await visit(page, url(path))
    const colours = (): Promise<string[]> =>
      page.evaluate(() => {
        const body = getComputedStyle(document.body)
        return [body.backgroundColor, body.color, body.fontFamily]
      })
    const shipped = (theme: 'light' | 'dark'): string[] => {
      const { bg = '', text = '' } = shippedTokens(theme)
      return [bg, text].map(
        (hex) => `rgb(${[1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join(', ')})`,
      )
    }
    const [, font = ''] = /--font-ui: ([^;]+);/.exec(readFileSync(join(ROOT, 'assets', 'doorward.css'), 'utf8')) ?? []
    const family = (await colours())[2]?.replaceAll('"', "'")
    assert.equal(family, font)
    assert.deepEqual((await colours()).slice(0, 2), shipped('light'))
    await page.getByRole('switch').first().click()
    assert.deepEqual((await colours()).slice(0, 2), shipped('dark'))
    await visit(page, url('pages.html'))
    assert.deepEqual((await colours()).slice(0, 2), shipped('dark'))
    assert.deepEqual(faults, [])
  },
)

exhaustive('no page breaks a rule of accessibility, in either theme, nor does the window of the search', async (t) => {
  const { page, url } = await open(t, await built())
  await loadAxe(page)
  const found: string[] = []
  for (const path of ['', 'pages.html', ...ONE_OF_EACH]) {
    await visit(page, url(path))
    found.push(...(await accessibilityViolations(page, 'light and dark')).map((fault) => `${path}: ${fault}`))
  }
  await page.keyboard.press('Control+k')
  await page.getByRole('searchbox').fill('passkey')
  await page.getByRole('dialog').getByRole('link').first().waitFor()
  found.push(...(await accessibilityViolations(page, 'light and dark', '.VPLocalSearchBox')))
  assert.deepEqual(found, [])
})

/** A copy of docs/ beside links to everything else. */
async function copied(t: TestContext): Promise<string> {
  const root = await temporaryFolder(t)
  for (const name of await readdir(ROOT)) {
    if (name === 'docs') await cp(join(ROOT, name), join(root, name), { recursive: true })
    else if (name !== '.git') await symlink(join(ROOT, name), join(root, name))
  }
  return root
}

exhaustive(
  'a dead link or a page in no group ends the build with its name, and leaves the site that was there',
  async (t) => {
    const root = await copied(t)
    const out = join(root, 'site-before')
    await mkdir(out)
    await writeFile(join(out, 'index.html'), 'the site before')
    const source = PLAN.groups[0]?.entries[0]?.source ?? ''
    await appendFile(join(root, source), '\n[gone](gone.md)\n')
    await writeFile(join(root, 'docs', 'lost.md'), '# Lost\n')
    const { code, stderr } = await site(`--from=${root}`, `--out=${out}`)
    assert.equal(code, 1)
    assert.ok(stderr.includes(`${source}: the link gone.md leads nowhere`), stderr)
    assert.ok(stderr.includes(`docs/lost.md stands in no group of ${INDEX}`), stderr)
    assert.equal(readFileSync(join(out, 'index.html'), 'utf8'), 'the site before')
  },
)

const TEXT = `# Written {id}

Not read as a template: {{ name }}, <name>, \`{{ code }}\`, a <b>bold</b> &amp; 12:30 :8000 {#not-an-id}.

<!-- not shown -->

| Head {{ one }} | Second |
| --- | --- |
| a<br>b | \`<code>\` |

[launch.mjs](../scripts/launch.mjs), [the launcher](../scripts/launch.mjs), [a part](#part-getuserid)

## Part {getUserId}
`

exhaustive(
  'braces, brackets and names in angle brackets stay as they are written; files are paths, or links to the code host',
  async (t) => {
    const root = await temporaryFolder(t)
    const index = GROUPS.map((name, at) => `## ${name}\n\n| [${name}](page-${at}.md) | |\n`).join('\n')
    const files = Object.fromEntries(GROUPS.map((name, at) => [`docs/page-${at}.md`, `# ${name}\n`]))
    for (const [path, text] of Object.entries({
      ...files,
      [INDEX]: index,
      'docs/page-0.md': TEXT,
      'scripts/launch.mjs': '',
    })) {
      await mkdir(dirname(join(root, path)), { recursive: true })
      await writeFile(join(root, path), text)
    }
    const read = async (...options: string[]): Promise<Page> => {
      const out = join(root, 'out')
      const { code, stdout, stderr } = await site(`--from=${root}`, `--out=${out}`, `--base=${BASE}`, ...options)
      assert.equal(code, 0, stdout + stderr)
      const { page, url, faults } = await open(t, out)
      await visit(page, url('page-0.html'))
      assert.deepEqual(faults, [])
      return page
    }
    const page = await read()
    const main = page.locator('main .vp-doc')
    const text = await main.innerText()
    for (const written of [
      'Written {id}',
      'a template: {{ name }}, <name>, {{ code }}, a <b>bold</b> & 12:30 :8000 {#not-an-id}.',
      'Head {{ one }}',
      'a\nb',
      '<code>',
    ]) {
      assert.ok(text.includes(written), `${written} is not in:\n${text}`)
    }
    assert.doesNotMatch(text, /not shown/)
    assert.deepEqual(await main.locator('p code').allTextContents(), [
      '{{ code }}',
      'scripts/launch.mjs',
      'scripts/launch.mjs',
    ])
    assert.ok(text.includes('the launcher scripts/launch.mjs'), text)
    assert.equal(await page.locator('#part-getuserid').count(), 1)
    const linked = await read('--source=https://code.example.org/blob/main/{path}')
    const hrefs = await linked
      .locator('main p a[href^="https:"]')
      .evaluateAll((found: HTMLAnchorElement[]) => found.map(({ href }) => href))
    assert.deepEqual(hrefs, Array(2).fill('https://code.example.org/blob/main/scripts/launch.mjs'))
  },
)
