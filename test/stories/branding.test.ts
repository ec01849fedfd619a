// The accent colour and the logo of a server on its pages.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import { OWN_BRAND } from '#foundation/web/http/brand.ts'
import { newDatabaseUrl } from '../support/databases/each-database.ts'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { visitorScene } from '../support/pages/page-scenes.ts'
import type { ParsedPage } from '../support/pages/parsed-page.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { runCommand, startProcess } from '../support/server/processes.ts'
import { start } from '../support/server/start.ts'

const DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 32"><script>alert(1)</script></svg>'

test('accents come with the stylesheet, under a URL of its own, and never inline', async (t) => {
  const { server, visitor } = await visitorScene(t, { settings: { accent: '#7A3E9D', accent_dark: '#D7C5E2' } })
  const page = await visitor.page('/sign-in')
  assert.notEqual(page.stylesheet, OWN_BRAND.stylesheet.url)
  assert.doesNotMatch(page.markup, /<style|style=|7a3e9d/i)
  const { statusCode, body: css, headers } = await server.app.inject(page.stylesheet)
  assert.equal(statusCode, 200)
  assert.equal(headers['content-type'], 'text/css; charset=utf-8')
  assert.ok(css.startsWith(OWN_BRAND.stylesheet.content.toString()))
  assert.match(css.slice(OWN_BRAND.stylesheet.content.length), /--accent: light-dark\(#7a3e9d, #d7c5e2\)/)
  assert.equal((await server.app.inject(OWN_BRAND.stylesheet.url)).statusCode, 404)
})

leaveToTestAll()

test('an accent of one theme leaves the colours of the other as they are shipped', async (t) => {
  const shipped = OWN_BRAND.stylesheet.content.toString()
  const tokens = ['accent', 'accent-hover', 'on-accent', 'accent-soft', 'focus']
  const settings = [{ accent: '#7a3e9d' }, { accent_dark: '#d7c5e2' }]
  for (const [theme, each] of settings.entries()) {
    const { visitor } = await visitorScene(t, { settings: each })
    const { body: css } = await visitor.open((await visitor.page('/sign-in')).stylesheet)
    for (const token of tokens) {
      const [before = [], now = []] = [shipped, css].map((text) => sidesOf(text, token))
      assert.equal(before.length, 2, token)
      assert.equal(now[1 - theme], before[1 - theme], token)
    }
    assert.equal(sidesOf(css, 'accent')[theme], Object.values(each)[0])
  }
})

test('a logo stands beside the name on every page, and is served as a picture without scripts', async (t) => {
  const settings = { logo: await logoFile(t, DRAWING), instance_name: 'Example Club' }
  const { visitor } = await visitorScene(t, { settings })
  const url = logoOn(await visitor.page('/sign-in'))
  assert.equal(logoOn(await visitor.page('/nowhere', 404)), url, 'a page that does not exist has another logo')
  const { statusCode, headers, body } = await visitor.open(url)
  assert.equal(statusCode, 200)
  assert.equal(body, DRAWING)
  assert.equal(headers['content-type'], 'image/svg+xml')
  assert.equal(headers['x-content-type-options'], 'nosniff')
  assert.equal(
    headers['content-security-policy'],
    "default-src 'none'; frame-ancestors 'none'; style-src 'unsafe-inline'; sandbox",
  )
  assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable')
})

test('a server without a logo shows the mark beside its name, in the tab, on home screens and at /favicon.ico', async (t) => {
  const { server, visitor } = await visitorScene(t, { settings: { instance_name: 'Example Club' } })
  const page = await visitor.page('/sign-in')
  const { tab, touch } = OWN_BRAND.icons
  assert.equal(iconOn(page), tab.url)
  assert.equal(page.stylesheet, OWN_BRAND.stylesheet.url)
  assert.match(page.markup, new RegExp(`<link rel="icon" type="image/svg\\+xml" href="${tab.url}"`))
  assert.match(page.markup, new RegExp(`<link rel="apple-touch-icon" href="${touch?.url}"`))
  const themes = [
    ...page.markup.matchAll(/<meta name="theme-color" content="(#\w{6})" media="\(prefers-color-scheme: (\w+)\)"/g),
  ]
  assert.deepEqual(
    themes.map(([, colour, theme]) => [theme, colour]),
    Object.entries(OWN_BRAND.ground),
  )
  const answers = await Promise.all([tab.url, touch?.url ?? '', '/favicon.ico'].map((url) => server.app.inject(url)))
  assert.deepEqual(
    answers.map(({ statusCode, headers }) => [statusCode, headers['content-type'], headers['cache-control']]),
    [
      [200, 'image/svg+xml', 'public, max-age=31536000, immutable'],
      [200, 'image/png', 'public, max-age=31536000, immutable'],
      [200, 'image/x-icon', 'public, max-age=86400'],
    ],
  )
  const manifest = await server.app.inject('/site.webmanifest')
  assert.equal(manifest.headers['content-type'], 'application/manifest+json; charset=utf-8')
  const { name, display, icons } = manifest.json<{ name: string; display: string; icons: { src: string }[] }>()
  assert.deepEqual([name, display, icons.map(({ src }) => src)], ['Example Club', 'browser', [tab.url, touch?.url]])
})

test('a chosen theme has one colour of the browser’s bar', async (t) => {
  const { visitor } = await visitorScene(t)
  visitor.cookies.set('theme', 'dark')
  const { markup } = await visitor.page('/sign-in')
  assert.deepEqual(markup.match(/<meta name="theme-color"[^>]*>/g), [
    `<meta name="theme-color" content="${OWN_BRAND.ground.dark}" />`,
  ])
})

test('a server with an icon of its own shows that one everywhere, and no trace of the mark', async (t) => {
  const icon = await logoFile(
    t,
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8z"/></svg>',
  )
  const { server, visitor } = await visitorScene(t, { settings: { icon } })
  const page = await visitor.page('/sign-in')
  const own = iconOn(page)
  assert.notEqual(own, OWN_BRAND.icons.tab.url)
  assert.ok(page.markup.includes(`<link rel="icon" type="image/svg+xml" href="${own}"`))
  assert.ok(!page.markup.includes('apple-touch-icon'), 'home screens do not show drawings')
  for (const url of [own, '/favicon.ico']) assert.match((await server.app.inject(url)).body, /M0 0h8v8z/)
  for (const { url } of [OWN_BRAND.icons.tab, OWN_BRAND.icons.touch ?? { url: '/nowhere' }])
    assert.equal((await server.app.inject(url)).statusCode, 404)
})

test('the mark has the accents of the server', async (t) => {
  const { server, visitor } = await visitorScene(t, { settings: { accent: '#7a3e9d' } })
  const { body } = await server.app.inject(iconOn(await visitor.page('/sign-in')))
  assert.match(body, /fill="#7a3e9d"/)
  assert.doesNotMatch(body, /#0f6b5c|#5cc9b1/)
})

test('an unusable logo stops the start and is named', async (t) => {
  const logo = await logoFile(t, 'words')
  await assert.rejects(start(t, { settings: { logo } }), (error) => String(error).includes(`logo (${logo}): found`))
})

test('a start with an accent for the light theme only says what the dark one needs, with a colour to paste', async (t) => {
  const installation = { databaseUrl: await newDatabaseUrl(t, 'sqlite'), dataDir: await temporaryFolder(t) }
  const { stderr } = await (await startProcess(t, { ...installation, settings: { accent: '#7a3e9d' } })).stop()
  assert.match(
    stderr,
    /Note: the accent #7a3e9d has a contrast of \d\.\d\d to 1 for .+ in the dark theme, which needs 4\.5 to 1\. .+ keeps #5cc9b1\./,
  )
  const [, pasted = ''] = /accent_dark = "(#[0-9a-f]{6})"/.exec(stderr) ?? []
  const both = await startProcess(t, { ...installation, settings: { accent: '#7a3e9d', accent_dark: pasted } })
  assert.doesNotMatch((await both.stop()).stderr, /accent/)
})

test('a start with an accent or a logo that cannot be used is refused', async (t) => {
  const installation = { databaseUrl: await newDatabaseUrl(t, 'sqlite'), dataDir: await temporaryFolder(t) }
  const accented = await runCommand(t, ['serve', '--port', '0'], {
    ...installation,
    settings: { accent_dark: '#7a3e9d' },
  })
  assert.notEqual(accented.code, 0)
  assert.match(
    accented.stderr,
    /accent_dark \(.+\): found #7a3e9d, with a contrast of \d\.\d\d to 1 for .+, expected at least 4\.5 to 1/,
  )
  const logo = join(installation.dataDir, 'missing.png')
  const refused = await runCommand(t, ['serve', '--port', '0'], { ...installation, settings: { logo } })
  assert.notEqual(refused.code, 0)
  assert.ok(refused.stderr.includes(`logo (${logo}): found none that can be read (ENOENT)`), refused.stderr)
})

/** The URL of the logo. The image has a fixed size, and an empty alternative text, because the name stands beside it. */
function logoOn({ banner }: ParsedPage): string {
  assert.equal(banner.link('Example Club'), '/')
  assert.equal(banner.count('a > img[alt=""][width="48"][height="32"]'), 1)
  const [url = ''] = banner.pictures()
  assert.match(url, /^\/assets\/logo\.[0-9a-f]{16}\.svg$/)
  return url
}

/** The URL of the icon beside the name. */
function iconOn({ banner }: ParsedPage): string {
  assert.equal(banner.count('a > img[alt=""][width="28"][height="28"]'), 1)
  const [url = ''] = banner.pictures()
  return url
}

/** The light and the dark value of a CSS token outside media queries; the last declaration counts. */
function sidesOf(css: string, token: string): string[] {
  const everyday = css.replaceAll(/@media[^{]*\{\s*:root \{[^}]*\}\s*\}/g, '')
  const found = everyday.matchAll(new RegExp(`--${token}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`, 'g'))
  return [...found].at(-1)?.slice(1) ?? []
}

async function logoFile(t: TestContext, content: string): Promise<string> {
  const path = join(await temporaryFolder(t), 'logo.svg')
  writeFileSync(path, content)
  return path
}
