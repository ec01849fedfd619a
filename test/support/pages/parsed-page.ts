// A page parsed once as a browser parses it, and asked by role and accessible name, as a person finds things on it.
import assert from 'node:assert/strict'

import { computeAccessibleDescription, computeAccessibleName, getRole } from 'dom-accessibility-api'
import type { LightMyRequestResponse } from 'fastify'
import { parseHTML } from 'linkedom'

type Name = string | RegExp

const FIELDS = 'input:not([type=hidden], [type=submit]), select, textarea'
const HIDDEN = '[hidden], [aria-hidden=true], script, style, template'
/** Elements that stand within a sentence: their text joins what is around them without a space. */
const INLINE = new Set(['A', 'B', 'BDI', 'CODE', 'EM', 'I', 'LABEL', 'MARK', 'SPAN', 'STRONG', 'TIME', 'WBR'])

export interface Field {
  /** The name that the form sends. */
  readonly name: string
  readonly type: string
  readonly value: string
  readonly checked: boolean
  readonly invalid: boolean
  /** What is said beside it: its hint and its error. */
  readonly description: string
  readonly attribute: (name: string) => string | null
}

export interface Table {
  readonly name: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

let last: { markup: string; page: ParsedPage } | undefined

/** The page of an answer, of its body, or of a part of one. The page that was asked for last is not parsed again. */
export function parsePage(answer: LightMyRequestResponse | string): ParsedPage {
  const markup = typeof answer === 'string' ? answer : answer.body
  const whole = markup.includes('<html') ? markup : `<!doctype html><html><body>${markup}</body></html>`
  if (last?.markup !== markup) last = { markup, page: new ParsedPage(parseHTML(whole).document) }
  return last.page
}

/** A part of a page: its queries see only what is inside and not hidden. A query for one thing fails where there is none, or several. */
export class Region {
  readonly #root: Element

  constructor(root: Element) {
    this.#root = root
  }

  /** The text as it is read, its spaces single. */
  get text(): string {
    return textOf(this.#root)
  }

  /** The names of the headings of a level, or of all, in their order. */
  headings(level?: number): string[] {
    return this.#all(level === undefined ? 'h1, h2, h3, h4' : `h${level}`).map(nameOf)
  }

  /** Where the link leads, as the page says it. */
  link(name: Name): string {
    return this.#one('link', 'a[href]', name).getAttribute('href') ?? ''
  }

  links(): string[] {
    return this.#all('a[href]').map(nameOf)
  }

  /** The names of the links that lead to such a place. */
  linksTo(place: string | RegExp): string[] {
    return this.#all('a[href]')
      .filter((link) => matches(link.getAttribute('href') ?? '', place))
      .map(nameOf)
  }

  /** Where the links lead that begin with that path. */
  targets(path: string): string[] {
    return this.#all(`a[href^="${path}"]`).map((link) => link.getAttribute('href') ?? '')
  }

  /** Texts that keep their spaces, such as commands. */
  preformatted(): string[] {
    return this.#all('pre').map((text) => text.textContent ?? '')
  }

  /** What a page hands to its script in the first attribute `data-` of that name. */
  data(name: string): string | undefined {
    return this.#root.querySelector(`[data-${name}]`)?.getAttribute(`data-${name}`) ?? undefined
  }

  /** The text with the spaces that it was written with. */
  get exact(): string {
    return this.#root.textContent ?? ''
  }

  /** The path that the button's form is sent to, with the name and value that the button adds. */
  button(name: Name): { readonly action: string; readonly name: string; readonly value: string } {
    const button = this.#one('button', 'button', name)
    const read = (attribute: string): string => button.getAttribute(attribute) ?? ''
    const action = button.closest('form')?.getAttribute('action') ?? ''
    return { action: read('formaction') || action, name: read('name'), value: read('value') }
  }

  buttons(): string[] {
    return this.#all('button').map(nameOf)
  }

  field(label: Name): Field {
    return fieldOf(this.#one('field', FIELDS, label))
  }

  /** The labels of the fields. */
  fields(): string[] {
    return this.#all(FIELDS).map(nameOf)
  }

  hidden(name: string): string | undefined {
    return this.#root.querySelector(`input[type=hidden][name="${name}"]`)?.getAttribute('value') ?? undefined
  }

  /** What the form sends under this name: the value of its first field; undefined where it has none. */
  sent(name: string): string | undefined {
    const field = this.#root.querySelector(`input[name="${name}"], select[name="${name}"], textarea[name="${name}"]`)
    if (field === null || (field.nodeName === 'INPUT' && !field.hasAttribute('value'))) return undefined
    return valueOf(field)
  }

  /** Where the forms are sent to. */
  actions(): string[] {
    return this.#all('form[action]').map((form) => form.getAttribute('action') ?? '')
  }

  table(name?: Name): Table {
    const table = this.#one('table', 'table', name)
    const cells = (row: Element): string[] => [...row.querySelectorAll('th, td')].map(textOf)
    return {
      name: nameOf(table),
      columns: [...table.querySelectorAll('thead th')].map(textOf),
      rows: [...table.querySelectorAll('tbody tr')].map(cells),
    }
  }

  /** The part of that role and name, such as a section, a form or a navigation. */
  region(name: Name): Region {
    return new Region(this.#one('region', 'section, form, nav, fieldset, [role=group], [role=region]', name))
  }

  /** Where the link leads that is marked as the current one. */
  current(): string | undefined {
    return this.#all('a[aria-current]:not([aria-current=false])')[0]?.getAttribute('href') ?? undefined
  }

  /** By which order the column of that name is sorted, as `aria-sort` says. */
  order(column: Name): string | undefined {
    return this.#one('column', 'th[scope=col]', column).getAttribute('aria-sort') ?? undefined
  }

  /** What the page says first about something wrong. */
  alert(): Region {
    return new Region(this.#one('alert', '[role=alert]', undefined))
  }

  /** The texts of the elements with that role, such as `alert` or `status`. */
  withRole(role: string): string[] {
    return this.#all('*')
      .filter((element) => getRole(element) === role)
      .map(textOf)
  }

  /** Whether something with that role and name is there. */
  has(role: string, name: Name): boolean {
    return this.#all('*').some((element) => getRole(element) === role && matches(nameOf(element), name))
  }

  /** The part with that id, for what has no name of its own. */
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
    const found = name === undefined ? all : all.filter((element) => matches(nameOf(element), name))
    const [first] = found
    assert.ok(
      first && found.length === 1,
      `${found.length} of: ${what} ${String(name)}. There are: ${all.map(nameOf).join(' | ')}\n${this.text}`,
    )
    return first
  }
}

export class ParsedPage extends Region {
  readonly #document: Document

  constructor(document: Document) {
    super(document.body)
    this.#document = document
  }

  get title(): string {
    return this.#document.title
  }

  get language(): string {
    return this.#document.documentElement.lang
  }

  /** The name of the one heading of the page. */
  get heading(): string {
    const headings = this.headings(1)
    assert.equal(headings.length, 1, `headings of the page: ${headings.join(' | ')}`)
    return headings[0] ?? ''
  }

  /** The page without what stands around it on every page. */
  get main(): Region {
    const main = this.#document.querySelector('main')
    assert.ok(main, this.text)
    return new Region(main)
  }

  /** Where the link with this relation leads. */
  related(relation: string): string | undefined {
    return this.#document.querySelector(`a[rel~="${relation}"]`)?.getAttribute('href') ?? undefined
  }
}

function fieldOf(element: Element): Field {
  const read = (attribute: string): string => element.getAttribute(attribute) ?? ''
  return {
    name: read('name'),
    type: read('type'),
    value: valueOf(element),
    checked: element.hasAttribute('checked'),
    invalid: read('aria-invalid') === 'true',
    description: single(computeAccessibleDescription(element, NAMING)),
    attribute: (name) => element.getAttribute(name),
  }
}

/** What a browser would send: of a list the option that is marked, else the first. */
function valueOf(element: Element): string {
  if (element.nodeName === 'TEXTAREA') return element.textContent ?? ''
  const holder =
    element.nodeName === 'SELECT'
      ? (element.querySelector('option[selected]') ?? element.querySelector('option'))
      : element
  return holder?.getAttribute('value') ?? ''
}

function nameOf(element: Element): string {
  return single(computeAccessibleName(element, NAMING))
}

/** Names are computed without a stylesheet: what is hidden or inline follows from the element. */
const NAMING = { getComputedStyle: styleOf, computedStyleSupportsPseudoElements: false, hidden: false }

function styleOf(element: Element): CSSStyleDeclaration {
  const style: Record<string, string> = { display: displayOf(element), visibility: 'visible' }
  return { getPropertyValue: (property: string) => style[property] ?? '' } as CSSStyleDeclaration
}

function matches(name: string, wanted: Name): boolean {
  return typeof wanted === 'string' ? name === wanted : wanted.test(name)
}

function textOf(element: Element): string {
  return single(piecesOf(element).join(''))
}

function piecesOf(node: Node): string[] {
  if (node.nodeType === 3) return [node.textContent ?? '']
  if (node.nodeType !== 1 || (node as Element).matches(HIDDEN)) return []
  const inside = [...node.childNodes].flatMap(piecesOf)
  return INLINE.has(node.nodeName) ? inside : [' ', ...inside, ' ']
}

function displayOf(element: Element): string {
  if (element.matches(HIDDEN)) return 'none'
  // The library drops the space at the start of an inline element, so that a <span> would join the word before it.
  return INLINE.has(element.nodeName) && element.nodeName !== 'SPAN' ? 'inline' : 'block'
}

/** White space of HTML collapses; a no-break space is a character of its own. */
function single(text: string): string {
  return text.replaceAll(/[ \t\n\f\r]+/g, ' ').replaceAll(/^ | $/g, '')
}
