/** Without it, Next looks for the app's folder in the folders above. */
export default { turbopack: { root: import.meta.dirname } }
