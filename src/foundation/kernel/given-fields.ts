// Changes of some fields of a thing. Tested with the things, such as in test/stories/apps.test.ts.

/** Returns the fields with those of the changes that are given and not undefined. What is no field of the thing is left out. */
export function withGiven<Fields extends object>(
  fields: Fields,
  changes: { readonly [Field in keyof Fields]?: Fields[Field] | undefined },
): Fields {
  const given = Object.entries(changes).filter(([field, value]) => field in fields && value !== undefined)
  return { ...fields, ...Object.fromEntries(given) }
}
