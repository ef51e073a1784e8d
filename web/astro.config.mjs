import { defineConfig, fontProviders } from 'astro/config'
import react from '@astrojs/react'
import tailwindcss from '@tailwindcss/vite'
import { dropReactProbes } from './integrations/drop-react-probes.ts'
import { serviceWorker } from './integrations/service-worker.ts'

const apiProxy = { target: process.env.API_URL ?? 'http://127.0.0.1:8787' }

/** A module goes into the shared file when at least this many entry points load it; by measurement, see decision 0027. */
const SHARED_BY_ENTRIES = 5

export default defineConfig({
  // Link previews need the site's origin: crawlers accept absolute URLs only.
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
      onlineOnly: ['404', 'docs', 'connect', 'not-connected', 'out-of-order', 'chatkit'],
      icons: ['/favicon.svg', '/manifest.webmanifest', '/icon-192.png'],
    }),
  ],
  vite: {
    plugins: [tailwindcss(), dropReactProbes()],
    server: { proxy: { '/api': apiProxy } },
    // A file that many modules share compresses better than many small files (specs/decisions/0027).
    build: {
      rolldownOptions: {
        output: {
          codeSplitting: {
            groups: [
              { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ },
              { name: 'shared', minShareCount: SHARED_BY_ENTRIES },
            ],
          },
        },
      },
    },
  },
})
