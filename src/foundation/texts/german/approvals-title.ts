/** The title of the page of requests, which an email quotes. */
export const approvalsTitle = 'Freigaben'
