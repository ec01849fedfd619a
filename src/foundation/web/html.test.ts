import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Secret } from '#foundation/kernel/secret.ts'
import { anyText } from '#test/support/generators/any-text.ts'
import { html, inlineSvg, type Interpolation, render } from './html.ts'

test('no text can begin an element, an entity of its own or end an attribute', () => {
  const hostile = fc.array(fc.constantFrom('<', '>', '"', "'", '&', '/', 'script', 'x', '`', '=', ' ', '${', '\0'))
  const anything = fc.oneof(
    anyText(),
    hostile.map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(anything, (text) => {
      const markup = render(html`<p title="${text}">${text}</p>`)
      const [, attribute = '?', content = '?'] = /^<p title="(.*)">(.*)<\/p>$/s.exec(markup) ?? []
      for (const part of [attribute, content]) {
        assert.doesNotMatch(part, /[<>"']/)
        assert.doesNotMatch(part, /&(?!(?:amp|lt|gt|quot|#39);)/)
        assert.equal(unescape(part), text)
      }
    }),
  )
})

test('markup inside markup is kept as it is, also in lists', () => {
  const items = ['<a>', 'b'].map((text) => html`<i>${text}</i>`)
  assert.equal(render(html`<b>${items}</b>`), '<b><i>&lt;a&gt;</i><i>b</i></b>')
})

test('null, undefined and false print nothing; zero and the empty text do not count as nothing', () => {
  assert.equal(render(html`[${null}${undefined}${false}${0}${''}]`), '[0]')
})

test('an object that claims to be escaped is refused, whatever it contains', () => {
  const forged = { isEscaped: true, toString: () => '<script>' }
  for (const value of [forged, [forged], {}, Promise.resolve('x'), true, ['<b>'], Secret.of('x')]) {
    assert.throws(() => html`${value as unknown as Interpolation}`, TypeError)
  }
})

test('a drawing of paths and rectangles is kept', () => {
  const drawing =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect fill="white" width="9" height="9"/><path d="M0,0h1v1h-1z"/></svg>'
  assert.equal(render(html`<div>${inlineSvg(Secret.of(drawing))}</div>`), `<div>${drawing}</div>`)
})

test('a drawing that contains anything else is refused', () => {
  const drawings = [
    '<svg><script>x</script></svg>',
    '<svg onload="x"></svg>',
    '<svg><path d="" onclick="x"/></svg>',
    '<svg><path style="fill:red"/></svg>',
    '<svg><a href="x"/></svg>',
    '<svg></svg><p>',
    '<svg>text</svg>',
    '',
  ]
  for (const drawing of drawings) assert.throws(() => inlineSvg(Secret.of(drawing)), TypeError, drawing)
})

function unescape(markup: string): string {
  const characters: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" }
  return markup.replaceAll(/&[a-z#0-9]+;/g, (entity) => characters[entity] ?? entity)
}
