import { defineConfig, fontProviders } from 'astro/config'
import react from '@astrojs/react'
import tailwindcss from '@tailwindcss/vite'
import { serviceWorker } from './integrations/service-worker.ts'

const api = { target: process.env.API_URL ?? 'http://127.0.0.1:8787' }

/** Modules of /tasks and /account alike: the API, the session, what is kept on the device, and the way out. */
const isForPerson =
  /src[\\/]lib[\\/](access|api|auth|cur|list|log|mount|pag|pro|set|typ|uuid)|idb-keyval|task-sync[\\/]local-data|account[\\/](log-out|use-unsent|Account\.tsx)|contract[\\/]limits/

export default defineConfig({
  // Where the site will be; previews of links need it, as crawlers take whole addresses only.
  site: process.env.SITE_URL,
  output: 'static',
  build: { format: 'file' },
  trailingSlash: 'never',
  fonts: [
    {
      provider: fontProviders.local(),
      name: 'Instrument Sans',
      cssVariable: '--font-instrument-sans',
      fallbacks: ['system-ui', 'sans-serif'],
      options: {
        variants: [
          {
            src: ['@fontsource-variable/instrument-sans/files/instrument-sans-latin-wght-normal.woff2'],
            weight: '400 700',
            style: 'normal',
          },
        ],
      },
    },
  ],
  security: {
    csp: {
      directives: [
        "default-src 'self'",
        "connect-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
      ],
    },
  },
  devToolbar: { enabled: false },
  integrations: [
    react(),
    serviceWorker({
      online: ['404', 'docs', 'connect', 'not-connected', 'out-of-order', 'chatkit'],
      pictures: ['/favicon.svg', '/manifest.webmanifest', '/icon-192.png'],
    }),
  ],
  vite: {
    plugins: [tailwindcss()],
    // React looks for its developer tools, for Internet Explorer, and for a way to turn the browser's loading sign
    // during transitions: 0.6 kB of code that no visitor has a use for.
    define: {
      __REACT_DEVTOOLS_GLOBAL_HOOK__: 'undefined',
      'document.documentMode': 'undefined',
      navigation: 'undefined',
    },
    server: { proxy: { '/api': api } },
    // React in one file, and what every page of a person's needs in another: one dictionary compresses them better
    // than many, by 1.5 kB a page.
    build: {
      rolldownOptions: {
        output: {
          codeSplitting: {
            groups: [
              { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ },
              { name: 'person', test: isForPerson },
            ],
          },
        },
      },
    },
  },
})
