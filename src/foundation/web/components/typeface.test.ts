import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { test } from 'node:test'

import { projectPath } from '#foundation/platform/project.ts'
import { html } from '../html.ts'
import { isInTypeface } from './typeface.ts'

test('a heading with a letter that the typeface lacks is shown in the typeface of the text as a whole', () => {
  for (const heading of ['Sign in', 'Zurück zu „Überblick“', html`Hello, <bdi>Ada</bdi> & co.`, 'Größe · 5 €…', ''])
    assert.ok(isInTypeface(heading), heading.toString())
  for (const heading of ['Łukasz Nowak', 'Ада Лавлейс', html`Delete <bdi>אדה</bdi>?`, 'O\u0308l', 'Anna 🌱'])
    assert.ok(!isInTypeface(heading), heading.toString())
})

test('the typeface takes at most 20 KB, and has its licence beside it', () => {
  assert.ok(statSync(projectPath('assets/headings.woff2')).size <= 20 * 1024)
  assert.ok(statSync(projectPath('assets/headings-licence.txt')).size > 4000)
})
