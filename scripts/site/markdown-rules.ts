// How the site reads Markdown: as a code host does, not as a template of Vue. HTML is not let through, but for the little that the pages use
// (`<picture>`, `<br>`, comments), and braces stay braces. Links are made to lead to pages of the site.
import { posix } from 'node:path'

import { anchorOf } from '../../test/support/documentation/markdown.ts'
import { pathOfFolder, type SitePlan, type Target, targetOf } from './plan.ts'

/** What is used of a token of markdown-it, which only the manifest of the site installs. */
interface Token {
  type: string
  tag: string
  content: string
  markup: string
  info: string
  children: Token[] | null
  attrGet: (name: string) => string | null
  attrSet: (name: string, value: string) => void
}

interface State {
  readonly tokens: Token[]
  readonly env: { readonly relativePath?: string }
  readonly Token: new (type: string, tag: string, nesting: -1 | 0 | 1) => Token
}

interface BlockState {
  line: number
  readonly src: string
  readonly bMarks: readonly number[]
  readonly tShift: readonly number[]
  readonly eMarks: readonly number[]
  push: (type: string, tag: string, nesting: -1 | 0 | 1) => Token
}

interface InlineState {
  pos: number
  readonly src: string
  push: (type: string, tag: string, nesting: -1 | 0 | 1) => Token
}

type Renderer = (tokens: readonly Token[], index: number) => string

interface MarkdownIt {
  readonly core: { readonly ruler: { push: (name: string, rule: (state: State) => void) => void } }
  readonly block: {
    readonly ruler: {
      before: (
        other: string,
        name: string,
        rule: (state: BlockState, line: number, end: number, silent: boolean) => boolean,
        options: { readonly alt: readonly string[] },
      ) => void
    }
  }
  readonly inline: {
    readonly ruler: {
      before: (other: string, name: string, rule: (state: InlineState, silent: boolean) => boolean) => void
    }
  }
  readonly renderer: { readonly rules: Record<string, Renderer> }
  disable: (rules: readonly string[]) => void
}

/** The options `markdown` of VitePress. `sourceUrl` has `{path}` where the path of a file of the repository belongs. */
export function markdownOptions(plan: SitePlan, sourceUrl: string | undefined): object {
  const sources = new Map([...plan.pages.values()].map(({ source, path }) => [path, source]))
  for (const folder of plan.folders.keys()) sources.set(pathOfFolder(folder), posix.join(folder, 'index.md'))
  return {
    html: false,
    // `{id}` after a heading or a word is text.
    attrs: { disable: true },
    anchor: { slugify: anchorOf },
    theme: CODE_THEME,
    config: (md: MarkdownIt) => {
      // `:8000` is text.
      md.disable(['emoji'])
      md.block.ruler.before('html_block', 'picture', pictureBlock, { alt: ['paragraph'] })
      md.inline.ruler.before('autolink', 'line_break', lineBreak)
      md.core.ruler.push('links', (state) => {
        const source = sources.get(state.env.relativePath ?? '')
        if (source !== undefined) leadLinks(state, (link) => targetOf(plan, source, link), { source, sourceUrl })
      })
      md.core.ruler.push('tables', labelCells)
      const { rules } = md.renderer
      rules['text'] = (tokens, index) => escaped(tokens[index]?.content ?? '', BARE_AMPERSAND)
      rules['code_inline'] = (tokens, index) => `<code v-pre>${escaped(tokens[index]?.content ?? '')}</code>`
      rules['picture'] = (tokens, index) => tokens[index]?.content ?? ''
      rules['table_open'] = (tokens, index) => tableStart(tokens[index])
      rules['table_close'] = () => '</table></div>\n'
    },
  }
}

/** VitePress leaves an entity such as `&amp;` in the text as it is written. */
const BARE_AMPERSAND = /&(?![\w#]+;)/g

/** The text as HTML in which Vue finds no interpolation. */
function escaped(text: string, ampersand = /&/g): string {
  return text
    .replaceAll(ampersand, '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('{{', '&#123;&#123;')
}

/** `<picture>` with one picture for each theme, and comments, which are left out. */
function pictureBlock(state: BlockState, line: number, end: number, silent: boolean): boolean {
  const lineAt = (at: number): string =>
    state.src.slice((state.bMarks[at] ?? 0) + (state.tShift[at] ?? 0), state.eMarks[at])
  const [, close] = BLOCKS.find(([open]) => lineAt(line).startsWith(open)) ?? []
  if (close === undefined) return false
  let last = line
  while (last < end && !lineAt(last).includes(close)) last++
  if (last === end) return false
  if (silent) return true
  const lines = Array.from({ length: last - line + 1 }, (_, offset) => lineAt(line + offset))
  state.line = last + 1
  if (close === '</picture>') state.push('picture', '', 0).content = lines.join('\n')
  return true
}

const BLOCKS = [
  ['<picture>', '</picture>'],
  ['<!--', '-->'],
] as const

function lineBreak(state: InlineState, silent: boolean): boolean {
  const [found] = /^<br ?\/?>/.exec(state.src.slice(state.pos, state.pos + 6)) ?? []
  if (found === undefined) return false
  if (!silent) state.push('hardbreak', 'br', 0)
  state.pos += found.length
  return true
}

interface Leading {
  readonly source: string
  readonly sourceUrl: string | undefined
}

type Lead = (link: string) => Target | undefined

/** Points links and pictures at the files of the site. Throws for one that leads nowhere, which would be a fault of the plan. */
function leadLinks(state: State, lead: Lead, leading: Leading): void {
  for (const token of state.tokens) {
    if (token.type === 'picture') token.content = pictures(token.content, lead)
    if (token.children !== null) token.children = inlineLinks(state, token.children, lead, leading)
  }
}

function isRelative(link: string | null): link is string {
  return link !== null && !/^(?:[a-z]+:|#|$)/.test(link)
}

function inlineLinks(state: State, tokens: readonly Token[], lead: Lead, { source, sourceUrl }: Leading): Token[] {
  const kept: Token[] = []
  /** The path of the file whose link is being replaced, and where its words begin. */
  let open: { readonly path: string; readonly from: number } | undefined
  for (const token of tokens) {
    const name = token.type === 'image' ? 'src' : 'href'
    const link = ['link_open', 'image'].includes(token.type) ? token.attrGet(name) : null
    if (isRelative(link)) {
      const target = lead(link)
      if (target === undefined) throw new Error(`${source}: the link ${link} leads nowhere`)
      if (target.kind !== 'file') token.attrSet(name, urlOf(target))
      else if (sourceUrl !== undefined) token.attrSet(name, sourceUrl.replace('{path}', target.path))
      else {
        open = { path: target.path, from: kept.length }
        continue
      }
    }
    if (token.type === 'link_close' && open !== undefined) {
      kept.push(...asCode(state, kept.splice(open.from), open.path))
      open = undefined
      continue
    }
    kept.push(token)
  }
  return kept
}

function urlOf(target: Exclude<Target, { kind: 'file' }>): string {
  const anchor = target.kind === 'page' && target.anchor !== undefined ? `#${target.anchor}` : ''
  return `/${target.path}${anchor}`
}

/** Without a URL of the repository a link to a file of it is the path of that file, after the words unless they are that path. */
function asCode(state: State, words: readonly Token[], path: string): Token[] {
  const said = words.map(({ content }) => content).join('')
  const code = new state.Token('code_inline', 'code', 0)
  code.content = path
  if (path === said || path.endsWith(`/${said}`)) return [code]
  return [...words, Object.assign(new state.Token('text', '', 0), { content: ' ' }), code]
}

/** One picture for each theme: a `<source>` follows the browser, and the site can be switched. Other sources, such as one that stands still, are left out. */
function pictures(html: string, lead: Lead): string {
  const [, alt = '', light = '', width] = /<img alt="([^"]*)" src="([^"]*)"(?: width="(\d+)")?/.exec(html) ?? []
  const [, dark = light] = /<source media="\(prefers-color-scheme: dark\)" srcset="([^"]*)"/.exec(html) ?? []
  const images = [light, dark].map((link, index) => {
    const target = lead(link)
    if (target?.kind !== 'picture') throw new Error(`the picture ${link} is not there`)
    const size = width === undefined ? '' : ` width="${width}"`
    return `<img class="in-${index === 0 ? 'light' : 'dark'}" src="${urlOf(target)}" alt="${alt}" loading="lazy"${size}>`
  })
  return `<p class="picture">${images.join('')}</p>\n`
}

/** Each cell has the head of its column, which small screens show before it; roles keep the table one where its cells are blocks. */
function labelCells({ tokens }: State): void {
  let heads: string[] = []
  let column = 0
  let table: Token | undefined
  for (const [index, token] of tokens.entries()) {
    if (token.type === 'table_open') [heads, table] = [[], token]
    if (token.type === 'tr_open') column = 0
    const role = ROLES[token.type]
    if (role !== undefined) token.attrSet('role', role)
    if (token.type === 'th_open') {
      const head = plainText(tokens[index + 1])
      heads.push(head)
      if (head === '') emptyHead(token, tokens[index + 2])
    }
    if (token.type === 'thead_close') table?.attrSet('data-columns', String(heads.length))
    if (token.type === 'td_open') {
      const head = heads[column] ?? ''
      if (LONG_WORD.test(plainText(tokens[index + 1]))) token.attrSet('class', 'long')
      if (column > 0 && head !== '') token.attrSet('data-head', head)
      column++
    }
  }
}

/** A column must not be as wide as such a word, such as the name of a module. */
const LONG_WORD = /\S{19}/

/** With so many columns the table may be wider than its page, and scrolls; so it can have the focus. */
const MANY_COLUMNS = 5

function tableStart(table: Token | undefined): string {
  const isWide = Number(table?.attrGet('data-columns')) >= MANY_COLUMNS
  return `<div class="table${isWide ? ' many" tabindex="0" role="group" aria-label="Table' : ''}"><table role="table">\n`
}

/** A head without a text is no head for a screen reader. */
function emptyHead(open: Token, close: Token | undefined): void {
  open.attrSet('role', 'cell')
  open.tag = 'td'
  if (close !== undefined) close.tag = 'td'
}

const ROLES: Readonly<Record<string, string>> = {
  thead_open: 'rowgroup',
  tbody_open: 'rowgroup',
  tr_open: 'row',
  th_open: 'columnheader',
  td_open: 'cell',
}

function plainText(inline: Token | undefined): string {
  return inline?.children?.map(({ content }) => content).join('') ?? ''
}

const TOKENS = [
  [['comment', 'punctuation.definition.comment'], 'muted'],
  [['string', 'markup.inline.raw'], 'accent'],
  [['keyword', 'storage', 'support.type'], 'hue-6'],
  [['constant', 'variable.language'], 'hue-3'],
  [['entity.name.function', 'support.function'], 'hue-7'],
] as const

/** The colours of code are those of the pages, so that one theme serves light and dark. */
const CODE_THEME = {
  name: 'doorward',
  type: 'light',
  colors: { 'editor.background': 'var(--surface)', 'editor.foreground': 'var(--text)' },
  fg: 'var(--text)',
  bg: 'var(--surface)',
  settings: TOKENS.map(([scope, colour]) => ({ scope, settings: { foreground: `var(--${colour})` } })),
}
