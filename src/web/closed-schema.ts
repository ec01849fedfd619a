interface SchemaNode {
  readonly [key: string]: unknown
}

/** The schema with every object in it refusing fields that it does not list, unless it says otherwise itself. */
export function closed(schema: object): object {
  return closedNode(schema) as object
}

function closedNode(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closedNode)
  if (typeof node !== 'object' || node === null) return node
  const copy: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(node)) copy[key] = closedValue(key, value)
  return isOpenObject(copy) ? { ...copy, additionalProperties: false } : copy
}

// Examples, defaults and choices are values, not schemas.
function closedValue(key: string, value: unknown): unknown {
  if (key === 'examples' || key === 'example' || key === 'default' || key === 'enum' || key === 'const') return value
  if (key !== 'properties' || typeof value !== 'object' || value === null) return closedNode(value)
  return Object.fromEntries(Object.entries(value).map(([name, property]) => [name, closedNode(property)]))
}

function isOpenObject(node: SchemaNode): boolean {
  return (
    node.properties !== undefined && node.additionalProperties === undefined && node.patternProperties === undefined
  )
}
