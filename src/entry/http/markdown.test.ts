import assert from 'node:assert/strict'
import { test } from 'node:test'

import { render } from '#foundation/web/html.ts'
import { markdown } from './markdown.ts'

const shown = (text: string): string => render(markdown(text)).replaceAll(/\s+/g, ' ')

test('paragraphs and numbered lists are blocks, whose lines may be broken', () => {
  assert.equal(shown('One\ntwo.\n\nThree.'), '<p>One two.</p><p>Three.</p>')
  assert.equal(
    shown('1. **One:** `a`\n   more.\n2. Two.'),
    '<ol> <li><strong>One:</strong> <code>a</code> more.</li><li>Two.</li> </ol>',
  )
})

test('code, emphasis and links to this server are marked, and nothing else is read as markup', () => {
  assert.equal(
    shown('`a*b*` *c* **d `e`** [f](/g)'),
    '<p><code>a*b*</code> <em>c</em> <strong>d <code>e</code></strong> <a href="/g">f</a></p>',
  )
  assert.equal(shown('[f](https://g.example)'), '<p>[f](https://g.example)</p>')
  assert.equal(shown('<b>1 * 2</b>'), '<p>&lt;b&gt;1 * 2&lt;/b&gt;</p>')
})
