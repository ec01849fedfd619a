// The mark: a door leaf with two bolts, which stand for the two steps of a sign-in; as a drawing and as pixels, in any two colours.
import { icoOf, pngOf } from '#foundation/platform/png.ts'

/** sRGB colours in six lower-case digits, such as `#0f6b5c`. */
export interface MarkColours {
  readonly leaf: string
  readonly bolts: string
}

/** The side of the drawing's coordinate system. */
const SIDE = 24
const LEAF = { left: 4, top: 2, right: 16, bottom: 22, radius: 1.5 }
const BOLTS = { from: 10, to: 20.5, at: [8.5, 15.5], width: 2.75 }
/** Each pixel is sampled at 4 × 4 points, so that edges are smooth. */
const SAMPLES = [0.125, 0.375, 0.625, 0.875]

/**
 * The mark as SVG. On a dark ground the leaf would hardly be seen, so there both colours are lighter: the leaf half-way to the bolts, the
 * bolts half-way to white.
 */
export function markDrawing({ leaf, bolts }: MarkColours): Buffer {
  const { left, top, right, bottom, radius } = LEAF
  const corner = `A${radius} ${radius} 0 0 1`
  const outline = `M${left} ${top + radius}${corner} ${left + radius} ${top}H${right - radius}${corner} ${right} ${top + radius}V${bottom}H${left}z`
  const lines = BOLTS.at.map((at) => `M${BOLTS.from} ${at}H${BOLTS.to}`).join('')
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIDE} ${SIDE}"><style>@media (prefers-color-scheme:dark){.l{fill:${between(leaf, bolts)}}.b{stroke:${between(bolts, '#ffffff')}}}</style><path class="l" fill="${leaf}" d="${outline}"/><path class="b" fill="none" stroke="${bolts}" stroke-width="${BOLTS.width}" stroke-linecap="round" d="${lines}"/></svg>`,
  )
}

/** The mark as a PNG of so many pixels a side, on a ground of a colour or, without one, on a transparent one. */
export function markPicture(colours: MarkColours, size: number, ground?: string): Buffer {
  const [leaf, bolts, behind] = [colours.leaf, colours.bolts, ground ?? colours.leaf].map(channels)
  const margin = ground === undefined ? 0 : 3
  const scale = (SIDE + 2 * margin) / size
  const pixels = new Uint8Array(size * size * 4)
  for (let at = 0; at < size * size; at++) {
    const [column, row] = [at % size, Math.floor(at / size)]
    const seen = SAMPLES.flatMap((down) =>
      SAMPLES.map((along) => {
        const [x, y] = [(column + along) * scale - margin, (row + down) * scale - margin]
        if (isInBolt(x, y)) return bolts
        if (isInLeaf(x, y)) return leaf
        return ground === undefined ? undefined : behind
      }),
    ).filter((colour) => colour !== undefined)
    const mean = [0, 1, 2].map((channel) => meanOf(seen.map((colour) => colour[channel] ?? 0)))
    pixels.set([...mean, Math.round((255 * seen.length) / SAMPLES.length ** 2)], at * 4)
  }
  return pngOf(pixels, size)
}

/** The mark as the icon file of 32 pixels that browsers ask for at /favicon.ico. */
export function markIcon(colours: MarkColours): Buffer {
  return icoOf(markPicture(colours, 32), 32)
}

function isInBolt(x: number, y: number): boolean {
  const nearest = Math.min(Math.max(x, BOLTS.from), BOLTS.to)
  return BOLTS.at.some((at) => Math.hypot(x - nearest, y - at) <= BOLTS.width / 2)
}

/** Only the upper corners are round. */
function isInLeaf(x: number, y: number): boolean {
  const { left, top, right, bottom, radius } = LEAF
  if (x < left || x > right || y < top || y > bottom) return false
  const nearest = Math.min(Math.max(x, left + radius), right - radius)
  return y >= top + radius || Math.hypot(x - nearest, y - top - radius) <= radius
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : Math.round(values.reduce((sum, value) => sum + value, 0) / values.length)
}

/** The colour half-way between two. */
function between(one: string, other: string): string {
  const to = channels(other)
  const mean = channels(one).map((channel, at) => meanOf([channel, to[at] ?? channel]))
  return `#${mean.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
}
