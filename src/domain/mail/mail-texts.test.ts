// The texts of mails: complete in every language, and replaced by the files of an operator.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { Secret } from '#foundation/kernel/secret.ts'
import { ConfigFaults, loadConfig } from '#foundation/platform/config/config.ts'
import type { Config } from '#foundation/platform/config/types.ts'
import type { MailTexts } from '#foundation/texts/english/mail-texts.ts'
import { LANGUAGES, texts } from '#foundation/texts/texts.ts'
import { temporaryFolder } from '#test/support/databases/temporary.ts'
import { factsNamedIn } from './fill.ts'
import { requireValidMailTemplates } from './mail-looks.service.ts'
import { COMMON_FACTS, MAIL_TEMPLATES, type MailTemplate, rulesOf } from './mail-template.ts'
import { messageOf } from './message.service.ts'

const TEMPLATES = Object.keys(MAIL_TEMPLATES) as MailTemplate[]

/** A value for each fact that a template may name. */
function everyFact(template: MailTemplate, value: string): Record<string, string> {
  const names = [...COMMON_FACTS, ...rulesOf(template).facts]
  return Object.fromEntries(names.map((name) => [name, name.endsWith('_at') ? '2027-06-02T22:05:00.000Z' : value]))
}

function configWith(files: Readonly<Record<string, string>>, folder: string): Config {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  const on = { mail_host: 'localhost', mail_from: 'doorward@example.org' }
  return loadConfig({ flags: { ...on, mail_templates: folder }, env: {}, readFile: () => undefined }).config
}

const { config: shipped } = loadConfig({ flags: {}, env: {}, readFile: () => undefined })

test('every template has texts in every language, which name only facts that it has', () => {
  for (const language of LANGUAGES) {
    const { mails } = texts(language)
    assert.deepEqual(Object.keys(mails).toSorted(), TEMPLATES.toSorted())
    for (const template of TEMPLATES) {
      const { subject, subjectWithout = '', heading, paragraphs, button, after }: MailTexts = mails[template]
      const known = [...COMMON_FACTS, ...rulesOf(template).facts]
      const named = [subject, subjectWithout, heading, ...paragraphs, button, ...after].flatMap(factsNamedIn)
      const unknown = named.filter((name) => !known.includes(name))
      assert.deepEqual(unknown, [], `${template} in ${language}`)
      assert.ok(subject !== '' && heading !== '' && paragraphs.length > 0, `${template} in ${language}`)
    }
  }
})

test('no fact is markup, a header or a link, in any mail', () => {
  const evil = 'x"><script src="https://evil.example/x.js"></script>\r\nBcc: eve@evil.example'
  for (const locale of LANGUAGES) {
    for (const template of TEMPLATES) {
      const said = { template, locale, facts: everyFact(template, evil) }
      const message = messageOf({ config: shipped }, said, Secret.of('http://localhost:8000/x/token'))
      assert.doesNotMatch(message.subject, /[\r\n]/)
      assert.doesNotMatch(message.html, /<script|evil\.example/)
      assert.doesNotMatch(message.text, /evil\.example|^Bcc/m)
    }
  }
})

test('a mail loads nothing: its only addresses are its link and, in reminders of policies, the page Security as text', () => {
  for (const template of TEMPLATES) {
    const said = { template, locale: 'en', facts: everyFact(template, 'Ada') }
    const { html, text } = messageOf({ config: shipped }, said, Secret.of('http://localhost:8000/x/token'))
    const urls = [...html.matchAll(/https?:[^"'\s<)]+/g)].map(([url]) => url)
    const page = template.startsWith('policy-reminder') ? ['http://localhost:8000/account/security'] : []
    assert.deepEqual([...new Set(urls)], [...page, 'http://localhost:8000/x/token'])
    assert.doesNotMatch(html, /href="[^"]*security/)
    assert.doesNotMatch(html, /<(img|link|script|iframe|object|form)|url\(|@import|src=/i)
    assert.match(text, /http:\/\/localhost:8000\/x\/token/)
  }
})

test('a change that others make is told with who made it, and asks whether the user wanted it', () => {
  const asked = { en: /If you asked for this, .*If you didn’t, /s, de: /Wenn Sie darum gebeten haben, .*Wenn nicht, /s }
  const times = { happened_at: '2027-06-02T22:05:00.000Z', exempt_until_at: '2027-06-09T22:05:00.000Z' }
  const facts = { name: 'Ada', admin: 'hanna', ...times }
  for (const locale of LANGUAGES) {
    for (const template of ['password-set', 'factors-reset', 'unlocked', 'policy-exempted'] as const) {
      const said = { template: `notice-${template}`, locale, facts } as const
      const { text } = messageOf({ config: shipped }, said, null)
      assert.match(text, locale === 'de' ? asked.de : asked.en)
      assert.match(text, locale === 'de' ? /^Veranlasst von: hanna$/m : /^Changed by: hanna$/m)
      assert.doesNotMatch(text, /admin/i, 'the help desk is no admin')
    }
  }
})

test('an invitation names the inviter in its subject, and has another subject where there is none', () => {
  for (const [locale, named, without] of [
    ['en', 'grace invited you to Doorward', 'You’re invited to Doorward'],
    ['de', 'grace hat Sie zu Doorward eingeladen', 'Sie sind zu Doorward eingeladen'],
  ] as const) {
    const subjectOf = (facts: Record<string, string>): string =>
      messageOf({ config: shipped }, { template: 'invitation', locale, facts }, null).subject
    assert.deepEqual([subjectOf({ invited_by: 'grace' }), subjectOf({})], [named, without])
  }
})

test('labelled facts are a table in HTML and lines below each other in text', () => {
  const facts = { name: 'Ada', happened_at: '2027-06-02T22:05:00.000Z', device: 'Firefox' }
  const said = { template: 'notice-new-device', locale: 'en', facts } as const
  const { html, text } = messageOf({ config: shipped }, said, null)
  assert.match(text, /\n\nWhen: Wed, 2 Jun 2027, 22:05 UTC\nDevice: Firefox\n\n/)
  assert.match(html, /<th scope="row">Device<\/th>\s*<td>Firefox<\/td>/)
  assert.doesNotMatch(html, /IP address|Changed by/)
})

test('the recipient is greeted in their language, in English where there is none', () => {
  for (const [locale, greeting] of [
    ['de-AT', 'Hallo Ada,'],
    ['fr', 'Hello Ada,'],
    [null, 'Hello Ada,'],
  ] as const) {
    const { text } = messageOf({ config: shipped }, { template: 'test', locale, facts: { name: 'Ada' } }, null)
    assert.ok(text.includes(greeting), String(locale))
  }
})

test('files replace texts of one language, and the look', async (t) => {
  const config = configWith(
    {
      'test.en.toml': 'subject = "Ahoy from {instance}"\nparagraphs = ["One", "Two"]\n',
      'frame.en.toml': 'footer = "Sent by {server}"\n',
      'look.css': 'body { color: black; }\n',
      '.hidden': 'not read',
    },
    await temporaryFolder(t),
  )
  requireValidMailTemplates(config)
  const said = { template: 'test', facts: {} } as const
  const message = messageOf({ config }, { ...said, locale: 'en' }, null)
  assert.equal(message.subject, 'Ahoy from Doorward')
  assert.match(message.text, /Email works\n\nOne\n\nTwo\n\n-- \nSent by localhost:8000\n/)
  assert.match(message.html, /<style>\nbody \{ color: black; \}\n<\/style>/)
  assert.equal(messageOf({ config }, { ...said, locale: 'de' }, null).subject, 'Testmail von Doorward')
})

/** File, content, and what the fault says. */
const BROKEN: readonly (readonly [file: string, content: string, fault: RegExp])[] = [
  ['test.en.toml', 'subject = "a"\nheading = "b', /test\.en\.toml line 2\): found text that is not TOML/],
  ['test.en.toml', 'heading = "a"\nsubject = "{passwort}"', /test\.en\.toml line 2\): found subject = .*\{passwort\}/],
  ['test.en.toml', '\ntitle = "a"', /test\.en\.toml line 2\): found title = .*expected one of subject, heading/],
  ['test.en.toml', 'paragraphs = "a"', /line 1\): found paragraphs = something else, expected a list of texts/],
  ['test.en.toml', 'subject = ["a"]', /line 1\): found subject = something else, expected a text/],
  ['test.en.toml', 'subject = ""', /line 1\): found subject = an empty text/],
  ['test.en.toml', 'subject = "a\\nb"', /line 1\): found subject = something else/],
  ['test.xx.toml', 'subject = "a"', /test\.xx\.toml\): found a file of this name/],
  ['toast.en.toml', 'subject = "a"', /toast\.en\.toml\): found a file of this name/],
  ['readme.md', 'Hello', /readme\.md\): found a file of another kind/],
  ['look.css', 'body {}\n@import "x.css";', /look\.css line 2\): found @import/],
  ['look.css', 'p { background: url(https://evil.example) }', /look\.css line 1\): found url\(/],
  ['look.css', '</style><script>', /look\.css line 1\): found </],
  ['test.en.toml', '\uFFFF'.repeat(40_000), /test\.en\.toml\): found a larger file/],
]

test('a broken file is a fault with its file and its line', async (t) => {
  for (const [file, content, fault] of BROKEN) {
    const folder = await temporaryFolder(t)
    assert.throws(
      () => requireValidMailTemplates(configWith({ [file]: content }, folder)),
      (error) => error instanceof ConfigFaults && fault.test(error.message) && error.message.includes(folder),
      `${file}: ${content.slice(0, 50)}`,
    )
  }
  assert.throws(() => configWith({}, '/nowhere-at-all'), /no folder that can be read \(ENOENT\)/)
})
