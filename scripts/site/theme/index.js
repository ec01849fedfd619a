// The default theme of VitePress without its typeface, in the colours of Doorward's pages, with a start page of our own.
import DefaultTheme from 'vitepress/theme-without-fonts'

import './palette.css'
import './site.css'
import StartPage from './StartPage.vue'

export default {
  extends: DefaultTheme,
  enhanceApp: ({ app }) => {
    app.component('start', StartPage)
  },
}
