import { html as tag, raw } from 'hono/html'

import type { Secret } from '../kernel/secret.ts'

declare const escaped: unique symbol

/** Markup in which everything that was interpolated has been escaped. Only `html` and `inlineSvg` make it. */
export interface Html {
  readonly [escaped]: true
  toString(): string
}

/** What a template may hold: text is escaped, markup is kept, the empty values print nothing. */
export type Interpolation = string | number | Html | readonly Html[] | null | undefined | false

const NOTHING: readonly unknown[] = [null, undefined, false]

/**
 * Markup from a template. Attribute values must stand in double quotes; text can then never end an element or an
 * attribute. Throws a TypeError for anything that is not an `Interpolation`, whatever the types were made to say.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Interpolation[]): Html {
  values.forEach(requireRenderable)
  return tag(strings, ...values) as unknown as Html
}

/** The markup as text, ready to send. */
export function render(markup: Html): string {
  return markup.toString()
}

function requireRenderable(value: unknown): void {
  if (typeof value === 'string' || typeof value === 'number' || NOTHING.includes(value)) return
  const parts: readonly unknown[] = Array.isArray(value) ? value : [value]
  // Escaped markup is a String object; a parsed request body never holds one, so it cannot pass itself off as markup.
  if (!parts.every((part) => part instanceof String)) throw new TypeError(`a page cannot show a ${typeof value}`)
}

const ATTRIBUTES = '(?: (?:xmlns|viewBox|width|height|x|y|fill|d|shape-rendering)="[\\w .,:/#%-]*")*'
const PLAIN_SVG = new RegExp(`^<svg${ATTRIBUTES}>(?:<(?:path|rect)${ATTRIBUTES}/>)*</svg>$`)

/** A drawing made of paths and rectangles, such as a QR code; anything else in it is refused with a TypeError. */
export function inlineSvg(drawing: Secret): Html {
  const markup = drawing.reveal().trim()
  if (!PLAIN_SVG.test(markup)) throw new TypeError('the drawing holds more than paths and rectangles')
  return raw(markup) as unknown as Html
}
