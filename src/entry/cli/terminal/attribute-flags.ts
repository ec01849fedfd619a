// The flag --attribute KEY=VALUE, which may be repeated.
import { InvalidArgumentError } from 'commander'

import { type AttributeValue, type GivenValues, typedValue } from '#domain/attributes/attribute-value.ts'
import { listAttributes } from '#domain/attributes/attribute.service.ts'
import type { With } from '#foundation/context.ts'

/** The texts after the equals signs, by key. */
export type TypedAttributes = Readonly<Record<string, string>>

const PAIR = /^([a-z][a-z0-9_]{0,39})=(.*)$/s

/** Parses one flag and adds it to those before it. */
export function readAttributePair(text: string, before: TypedAttributes = {}): TypedAttributes {
  const [, key, value] = PAIR.exec(text) ?? []
  if (key === undefined || value === undefined)
    throw new InvalidArgumentError('Use KEY=VALUE, with the key of an attribute from "attribute list".')
  return { ...before, [key]: value }
}

/** Returns the values that were typed, each read as its attribute's type demands; null for an empty one. */
export async function attributesTyped(ctx: With<'db'>, typed: TypedAttributes | undefined): Promise<GivenValues> {
  if (typed === undefined) return {}
  const declared = await listAttributes(ctx)
  return Object.fromEntries(
    Object.entries(typed).map(([key, text]): [string, AttributeValue | null] => {
      const attribute = declared.find((one) => one.key === key)
      return [key, attribute === undefined ? text : typedValue(attribute, text)]
    }),
  )
}
