// Pages that say what went wrong.

export const error = {
  home: 'Go to the first page',
  reference: (status: number) => `Status ${status}. If you ask for help, give this reference:`,
}
