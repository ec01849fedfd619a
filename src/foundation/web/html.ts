// Renders HTML in which every value is escaped.
import { html as tag, raw } from 'hono/html'

import type { Secret } from '#foundation/kernel/secret.ts'

declare const escaped: unique symbol

/** Markup in which every interpolated value has been escaped. Only `html` and `inlineSvg` create it. */
export interface Html {
  readonly [escaped]: true
  /** What its parts leave to the end of the page. */
  readonly endnotes?: readonly Endnote[]
  toString(): string
}

/** What belongs to a part of a page and is shown at the page's end, so that it does not disturb there. */
export interface Endnote {
  /** The part to which it belongs. */
  readonly title?: string
  readonly hint: string
  readonly content: Html
}

/** What a template may contain: text is escaped, markup is kept, empty values print nothing. */
export type Interpolation = string | number | Html | readonly Html[] | null | undefined | false

const NOTHING: readonly unknown[] = [null, undefined, false]

/**
 * Returns markup from a template, in which every attribute value must stand in double quotes: then text cannot end an element or an
 * attribute (XSS). Throws a `TypeError` for a value that is no `Interpolation`, even if its type claims to be one.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Interpolation[]): Html {
  values.forEach(requireRenderable)
  return withEndnotes(tag(strings, ...values) as unknown as Html, values.flatMap(endnotesOf))
}

/** Markup that shows nothing where it stands and leaves notes to the end of the page. */
export function endnotes(notes: readonly Endnote[]): Html {
  return withEndnotes(html``, notes)
}

/** The notes that the parts of some markup leave to the end of the page, in their order. */
export function endnotesOf(markup: Interpolation): readonly Endnote[] {
  if (isList(markup)) return markup.flatMap(endnotesOf)
  return typeof markup === 'object' ? (markup?.endnotes ?? []) : []
}

function isList(markup: Interpolation): markup is readonly Html[] {
  return Array.isArray(markup)
}

function withEndnotes(markup: Html, notes: readonly Endnote[]): Html {
  return notes.length === 0 ? markup : Object.assign(markup, { endnotes: notes })
}

/** The markup as text, ready to send. */
export function render(markup: Html): string {
  return markup.toString()
}

function requireRenderable(value: unknown): void {
  if (typeof value === 'string' || typeof value === 'number' || NOTHING.includes(value)) return
  const parts: readonly unknown[] = Array.isArray(value) ? value : [value]
  // Escaped markup is a `String` object. A parsed request body never contains one, so it cannot pass for markup.
  if (!parts.every((part) => part instanceof String)) throw new TypeError(`a page cannot show a ${typeof value}`)
}

const ATTRIBUTES = '(?: (?:xmlns|viewBox|width|height|x|y|fill|d|shape-rendering)="[\\w .,:/#%-]*")*'
const PLAIN_SVG = new RegExp(`^<svg${ATTRIBUTES}>(?:<(?:path|rect)${ATTRIBUTES}/>)*</svg>$`)

/** A drawing of paths and rectangles, such as a QR code. Throws a `TypeError` if the drawing contains anything else. */
export function inlineSvg(drawing: Secret): Html {
  const markup = drawing.reveal().trim()
  if (!PLAIN_SVG.test(markup)) throw new TypeError('the drawing holds more than paths and rectangles')
  return raw(markup) as unknown as Html
}
