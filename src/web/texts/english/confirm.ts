// Proving again who one is, before something sensitive.

export const confirm = {
  title: 'Confirm it’s you',
}
