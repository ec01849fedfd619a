// What must hold of the pages before the site is built of them, and what is found where it does not. It needs no package.
import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { test, type TestContext } from 'node:test'

import { temporaryFolder } from '../../test/support/databases/temporary.ts'
import { ROOT } from '../../test/support/documentation/markdown.ts'
import { GROUPS, INDEX, pathOnSite, planSite, SiteFaults, type SitePlan, targetOf } from './plan.ts'

/** A folder with an index of the eight groups, one page in each, and what a test adds or changes. */
async function folderWith(t: TestContext, files: Readonly<Record<string, string>> = {}): Promise<string> {
  const root = await temporaryFolder(t)
  const pages = Object.fromEntries(GROUPS.map((name, index) => [`docs/page-${index}.md`, `# ${name}\n\n## Part\n`]))
  const tables = GROUPS.map(
    (name, index) => `## ${name}\n\n| Page | What |\n| --- | --- |\n| [${name}](page-${index}.md) | |\n`,
  )
  for (const [path, text] of Object.entries({ [INDEX]: `# Pages\n\n${tables.join('\n')}`, ...pages, ...files })) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  return root
}

async function faultsWith(t: TestContext, files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  try {
    planSite(await folderWith(t, files))
    return []
  } catch (error) {
    assert.ok(error instanceof SiteFaults, String(error))
    return error.faults
  }
}

test('each page of docs/ stands in exactly one of the eight groups, which have their order, and no link leads nowhere', () => {
  const { groups, pages, folders } = planSite(ROOT)
  assert.deepEqual(
    groups.map(({ name }) => name),
    GROUPS,
  )
  const standing = groups.flatMap(({ entries }) =>
    entries.flatMap(({ source }) => folders.get(source)?.map((page) => page.source) ?? source),
  )
  const written = [...pages.keys()].filter((source) => source.startsWith('docs/') && source !== INDEX)
  assert.ok(written.length > 80)
  assert.deepEqual(standing.filter((source) => source.startsWith('docs/')).toSorted(), written)
  assert.ok(groups.every(({ entries }) => entries.length > 0))
})

test('a page in no group, one in two, a link to no page and a group too many are each found', async (t) => {
  assert.deepEqual(await faultsWith(t, {}), [])
  assert.deepEqual(await faultsWith(t, { 'docs/lost.md': '# Lost\n' }), [`docs/lost.md stands in no group of ${INDEX}`])
  const index = GROUPS.map((name, at) => `## ${name}\n\n| [${name}](page-${at}.md) | |\n`).join('\n')
  assert.deepEqual(await faultsWith(t, { [INDEX]: `${index}| [Again](page-1.md) | |\n` }), [
    `docs/page-1.md stands 2 times in ${INDEX}, instead of once`,
  ])
  const [nowhere = ''] = await faultsWith(t, { [INDEX]: `${index}| [None](none.md) | |\n` })
  assert.match(nowhere, /“None” leads to docs\/none\.md, which is no page/)
  const [order = ''] = await faultsWith(t, { [INDEX]: `${index}\n## More\n` })
  assert.match(order, /has the headings .*Contribute, More; they must be /)
})

test('a link to a file or a heading that is not there is found, with its page; one out of the folder is one', async (t) => {
  const links = ['[a](none.md)', '[b](page-1.md#none)', '[c](page-1.md#part)', '[d](../../secret.md)', '![e](none.png)']
  assert.deepEqual(await faultsWith(t, { 'docs/page-0.md': `# Page\n\n${links.join('\n')}\n` }), [
    'docs/page-0.md: the link none.md leads nowhere',
    'docs/page-0.md: the link page-1.md#none leads nowhere',
    'docs/page-0.md: the link ../../secret.md leads nowhere',
    'docs/page-0.md: the link none.png leads nowhere',
  ])
})

test('a link leads to a page, to a picture, to the list of a folder, or to a file that the site does not have', async (t) => {
  const index = GROUPS.map((name, at) => `## ${name}\n\n| [${name}](page-${at}.md) | |\n`).join('\n')
  const plan: SitePlan = planSite(
    await folderWith(t, {
      [INDEX]: `${index}| [Why](why) | |\n`,
      'docs/why/1.md': '# One\n',
      'docs/page-0.md': '# Page\n\n[a](../SECURITY.md) ![b](x.png) [c](../src/x.ts) [d](why)\n',
      'docs/x.png': '',
      'SECURITY.md': '# Security\n',
      'src/x.ts': '',
    }),
  )
  const from = (link: string) => targetOf(plan, 'docs/page-0.md', link)
  assert.deepEqual(from('../SECURITY.md'), { kind: 'page', path: 'security.md', anchor: undefined })
  assert.deepEqual(from('page-1.md#part'), { kind: 'page', path: 'page-1.md', anchor: 'part' })
  assert.deepEqual(from('x.png'), { kind: 'picture', path: 'files/docs/x.png' })
  assert.deepEqual(from('why'), { kind: 'page', path: 'why/index.md', anchor: undefined })
  assert.deepEqual(from('../src/x.ts'), { kind: 'file', path: 'src/x.ts' })
})

test('pages beside docs/ are in lower case, and two files that would be one page are a fault', async (t) => {
  assert.deepEqual(['docs/a/b.md', 'bench/README.md', 'README.md', INDEX].map(pathOnSite), [
    'a/b.md',
    'bench.md',
    'readme.md',
    'pages.md',
  ])
  const [fault = ''] = await faultsWith(t, {
    'docs/page-0.md': '# Page\n\n[a](../PAGE-1.md)\n',
    'PAGE-1.md': '# Same\n',
  })
  assert.match(fault, /PAGE-1\.md and docs\/page-1\.md would both be page-1\.md/)
})
