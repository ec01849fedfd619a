// A page, parsed once as a browser does, and queried by role and accessible name.
import { computeAccessibleDescription, computeAccessibleName, getRole } from 'dom-accessibility-api'
import type { LightMyRequestResponse } from 'fastify'
import { parseHTML } from 'linkedom'
import assert from 'node:assert/strict'

type Name = string | RegExp

const FIELDS = 'input:not([type=hidden], [type=submit]), select, textarea'
const HIDDEN = '[hidden], [aria-hidden=true], script, style, template'
/** Inline elements: their text joins the text around them without a space. */
const INLINE = new Set(['A', 'B', 'BDI', 'CODE', 'EM', 'I', 'LABEL', 'MARK', 'SPAN', 'STRONG', 'TIME', 'WBR'])

export interface Field {
  /** The name under which the form sends the value. */
  readonly name: string
  readonly type: string
  readonly value: string
  readonly checked: boolean
  readonly invalid: boolean
  /** The accessible description: the field's hint and its error. */
  readonly description: string
  readonly attribute: (name: string) => string | null
}

export interface Table {
  readonly name: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** The headings of rows that belong together. */
  readonly headings: readonly string[]
}

let last: { markup: string; page: ParsedPage } | undefined

/** Parses an answer, its body, or a part of a page. The last page is kept, so that it is not parsed again. */
export function parsePage(answer: LightMyRequestResponse | string | ParsedPage): ParsedPage {
  if (answer instanceof ParsedPage) return answer
  const markup = typeof answer === 'string' ? answer : answer.body
  const whole = markup.includes('<html') ? markup : `<!doctype html><html><body>${markup}</body></html>`
  if (last?.markup !== markup) last = { markup, page: new ParsedPage(parseHTML(whole).document, markup) }
  return last.page
}

/** A part of a page; its queries see only elements inside it that are not hidden. A query for one element throws for none or several. */
export class Region {
  readonly #root: Element

  constructor(root: Element) {
    this.#root = root
  }

  /** The visible text, with white space collapsed. */
  get text(): string {
    return elementText(this.#root)
  }

  /** The accessible names of the headings of a level, or of all levels, in document order. */
  headings(level?: number): string[] {
    return this.#all(level === undefined ? 'h1, h2, h3, h4' : `h${level}`).map(accessibleName)
  }

  /** The target of the link, as the page writes it. */
  link(name: Name): string {
    return this.#one('link', 'a[href]', name).getAttribute('href') ?? ''
  }

  links(): string[] {
    return this.#all('a[href]').map(accessibleName)
  }

  /** The names of the links with this target. */
  linksTo(target: string | RegExp): string[] {
    return this.#all('a[href]')
      .filter((link) => matches(link.getAttribute('href') ?? '', target))
      .map(accessibleName)
  }

  /** The targets of the links that begin with that path. */
  targets(path: string): string[] {
    return this.#all(`a[href^="${path}"]`).map((link) => link.getAttribute('href') ?? '')
  }

  /** The texts of preformatted elements, such as commands. */
  preformatted(): string[] {
    return this.#all('pre').map((text) => text.textContent ?? '')
  }

  /** The value of the first attribute `data-<name>`, also of a hidden element, which a page passes to its script. */
  data(name: string): string | undefined {
    return this.#root.querySelector(`[data-${name}]`)?.getAttribute(`data-${name}`) ?? undefined
  }

  /** The exact times that a page shows, or shows for relative ones: as RFC 3339, and as the reader's time zone has it. */
  times(): { readonly datetime: string; readonly title: string }[] {
    const read = (time: Element, attribute: string): string => time.getAttribute(attribute) ?? ''
    return this.#all('time').map((time) => ({ datetime: read(time, 'datetime'), title: read(time, 'title') }))
  }

  /** The number of elements, also hidden ones, for what has no role or name, such as the shapes of a drawing. */
  count(selector: string): number {
    return this.#root.querySelectorAll(selector).length
  }

  /** The URLs of the pictures. */
  pictures(): string[] {
    return this.#all('img').map((picture) => picture.getAttribute('src') ?? '')
  }

  /** The text with all its white space. */
  get exact(): string {
    return this.#root.textContent ?? ''
  }

  /** The path to which the button submits its form, with the name and value that the button adds. */
  button(name: Name): { readonly action: string; readonly name: string; readonly value: string } {
    const button = this.#one('button', 'button', name)
    const read = (attribute: string): string => button.getAttribute(attribute) ?? ''
    const action = button.closest('form')?.getAttribute('action') ?? ''
    return { action: read('formaction') || action, name: read('name'), value: read('value') }
  }

  buttons(): string[] {
    return this.#all('button').map(accessibleName)
  }

  field(label: Name): Field {
    return fieldOf(this.#one('field', FIELDS, label))
  }

  /** The labels of the fields. */
  fields(): string[] {
    return this.#all(FIELDS).map(accessibleName)
  }

  hidden(name: string): string | undefined {
    return this.#root.querySelector(`input[type=hidden][name="${name}"]`)?.getAttribute('value') ?? undefined
  }

  /** The value that the form sends under this name: that of its first field; undefined where it has none. */
  sent(name: string): string | undefined {
    const field = this.#root.querySelector(`input[name="${name}"], select[name="${name}"], textarea[name="${name}"]`)
    if (field === null || (field.nodeName === 'INPUT' && !field.hasAttribute('value'))) return undefined
    return fieldValue(field)
  }

  /** What a browser sends of the form with this target as the page shows it; of several fields with one name the last. */
  submission(action: string): Record<string, string> {
    const form = this.#root.querySelector(`form[action="${action}"]`)
    assert.ok(form, `no form is sent to ${action}`)
    const fields = [...form.querySelectorAll('input[name], select[name], textarea[name]')]
    const sent = fields.filter(
      (field) => !/^(?:checkbox|radio)$/.test(field.getAttribute('type') ?? '') || field.hasAttribute('checked'),
    )
    return Object.fromEntries(sent.map((field) => [field.getAttribute('name') ?? '', fieldValue(field).trim()]))
  }

  /** The targets of the forms. */
  actions(): string[] {
    return this.#all('form[action]').map((form) => form.getAttribute('action') ?? '')
  }

  /** The same, with those of forms that a script will show. */
  allActions(): string[] {
    return [...this.#root.querySelectorAll('form[action]')].map((form) => form.getAttribute('action') ?? '')
  }

  table(name?: Name): Table {
    const table = this.#one('table', 'table', name)
    const cells = (row: Element): string[] => [...row.querySelectorAll('th, td')].map(elementText)
    return {
      name: accessibleName(table),
      columns: [...table.querySelectorAll('thead th')].map(elementText),
      // Without the headings of rows that belong together.
      rows: [...table.querySelectorAll('tbody tr:not(.heading)')].map(cells),
      headings: [...table.querySelectorAll('tbody tr.heading')].map(elementText),
    }
  }

  /** The section, form, navigation or group of that name. */
  region(name: Name): Region {
    return new Region(this.#one('region', 'section, form, nav, fieldset, [role=group], [role=region]', name))
  }

  /** The target of the link that is marked as the current one. */
  current(): string | undefined {
    return this.#all('a[aria-current]:not([aria-current=false])')[0]?.getAttribute('href') ?? undefined
  }

  /** The order of the column with that name, as `aria-sort` says. */
  order(column: Name): string | undefined {
    return this.#one('column', 'th[scope=col]', column).getAttribute('aria-sort') ?? undefined
  }

  /** The one alert of the page. */
  alert(): Region {
    return new Region(this.#one('alert', '[role=alert]', undefined))
  }

  /** The texts of the elements with that role, such as `alert` or `status`. */
  withRole(role: string): string[] {
    return this.#all('*')
      .filter((element) => getRole(element) === role)
      .map(elementText)
  }

  /** The status messages of the page, without one that is empty until a script fills it. */
  statuses(): string[] {
    return this.withRole('status').filter((text) => text !== '')
  }

  /** Whether there is an element with that role and name. */
  has(role: string, name: Name): boolean {
    return this.#all('*').some((element) => getRole(element) === role && matches(accessibleName(element), name))
  }

  /** The element with that id, for an element without an accessible name. */
  part(id: string): Region {
    const part = this.#root.querySelector(`#${id}`)
    assert.ok(part, `There is no #${id}: ${this.text}`)
    return new Region(part)
  }

  hasPart(id: string): boolean {
    return this.#root.querySelector(`#${id}`) !== null
  }

  #all(selector: string): Element[] {
    return [...this.#root.querySelectorAll(selector)].filter((element) => element.closest(HIDDEN) === null)
  }

  #one(what: string, selector: string, name: Name | undefined): Element {
    const all = this.#all(selector)
    const found = name === undefined ? all : all.filter((element) => matches(accessibleName(element), name))
    const [first] = found
    assert.ok(
      first && found.length === 1,
      `${found.length} of: ${what} ${String(name)}. There are: ${all.map(accessibleName).join(' | ')}\n${this.text}`,
    )
    return first
  }
}

export class ParsedPage extends Region {
  readonly #document: Document
  /** The bytes of the page, for what is about them: escaping, and secrets that must not appear anywhere. */
  readonly markup: string

  constructor(document: Document, markup: string) {
    super(document.body)
    this.#document = document
    this.markup = markup
  }

  get title(): string {
    return this.#document.title
  }

  get language(): string {
    return this.#document.documentElement.lang
  }

  /** The value of `data-<name>` at the root of the page; undefined where it has none. */
  setting(name: string): string | undefined {
    return this.#document.documentElement.getAttribute(`data-${name}`) ?? undefined
  }

  get stylesheet(): string {
    return this.#document.querySelector('link[rel=stylesheet]')?.getAttribute('href') ?? ''
  }

  /** The names of the modules that the page loads. */
  modules(): string[] {
    const urls = [...this.#document.querySelectorAll('script[type=module]')].map((script) => script.getAttribute('src'))
    return urls.map((url) => /modules\/([\w-]+)\.[0-9a-f]+\.js$/.exec(url ?? '')?.[1] ?? String(url))
  }

  /** The accessible name of the only heading of level 1. */
  get heading(): string {
    const headings = this.headings(1)
    assert.equal(headings.length, 1, `headings of the page: ${headings.join(' | ')}`)
    return headings[0] ?? ''
  }

  /** The element `main`. */
  get main(): Region {
    return this.#landmark('main')
  }

  /** The header with the name of the server and, where there is one, the signed-in user. */
  get banner(): Region {
    return this.#landmark('header')
  }

  /** The target of the link with this relation. */
  related(relation: string): string | undefined {
    return this.#document.querySelector(`a[rel~="${relation}"]`)?.getAttribute('href') ?? undefined
  }

  #landmark(element: string): Region {
    const found = this.#document.querySelector(element)
    assert.ok(found, this.text)
    return new Region(found)
  }
}

function fieldOf(element: Element): Field {
  const read = (attribute: string): string => element.getAttribute(attribute) ?? ''
  return {
    name: read('name'),
    type: read('type'),
    value: fieldValue(element),
    checked: element.hasAttribute('checked'),
    invalid: read('aria-invalid') === 'true',
    description: single(computeAccessibleDescription(element, NAMING)),
    attribute: (name) => element.getAttribute(name),
  }
}

/** The value that a browser would send: for a select that of the selected option, else of the first. */
function fieldValue(element: Element): string {
  if (element.nodeName === 'TEXTAREA') return element.textContent ?? ''
  const holder =
    element.nodeName === 'SELECT'
      ? (element.querySelector('option[selected]') ?? element.querySelector('option'))
      : element
  const text = holder?.nodeName === 'OPTION' ? holder.textContent : ''
  return holder?.getAttribute('value') ?? text ?? ''
}

function accessibleName(element: Element): string {
  return single(computeAccessibleName(element, NAMING))
}

/** Names are computed without a stylesheet: display and visibility follow from the element. */
const NAMING = { getComputedStyle: styleOf, computedStyleSupportsPseudoElements: false, hidden: false }

function styleOf(element: Element): CSSStyleDeclaration {
  const style: Record<string, string> = { display: displayOf(element), visibility: 'visible' }
  return { getPropertyValue: (property: string) => style[property] ?? '' } as CSSStyleDeclaration
}

function matches(name: string, wanted: Name): boolean {
  return typeof wanted === 'string' ? name === wanted : wanted.test(name)
}

function elementText(element: Element): string {
  return single(textPieces(element).join(''))
}

function textPieces(node: Node): string[] {
  if (node.nodeType === 3) return [node.textContent ?? '']
  if (node.nodeType !== 1 || (node as Element).matches(HIDDEN)) return []
  const inside = [...node.childNodes].flatMap(textPieces)
  return INLINE.has(node.nodeName) ? inside : [' ', ...inside, ' ']
}

function displayOf(element: Element): string {
  if (element.matches(HIDDEN)) return 'none'
  // The library drops the space at the start of an inline element, so that a <span> would join the word before it.
  return INLINE.has(element.nodeName) && element.nodeName !== 'SPAN' ? 'inline' : 'block'
}

/** Collapses white space as HTML does; a no-break space is kept. */
function single(text: string): string {
  return text.replaceAll(/[ \t\n\f\r]+/g, ' ').replaceAll(/^ | $/g, '')
}
