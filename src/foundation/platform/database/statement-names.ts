// Statements worth preparing by name on PostgreSQL; as many as the code has hot queries.
const names = new Map<string, string>()

export function nameStatement(text: string, name: string): void {
  names.set(text, name)
}

export function nameOfStatement(text: string): string | undefined {
  return names.get(text)
}
