/** Globals that React DOM probes for and no visitor has a use for, by the value that the build puts in their place. */
export const REACT_PROBES = {
  // React's developer tools. They still work under `npm run dev`: the plugin applies to builds only.
  __REACT_DEVTOOLS_GLOBAL_HOOK__: 'undefined',
  // Set by Internet Explorer alone; in every other browser it is undefined anyway.
  'document.documentMode': 'undefined',
}

/** React's test for the Navigation API, which it uses to show the browser's loading indicator during transitions. */
export const NAVIGATION_PROBE = '"object" === typeof navigation'

/**
 * Removes the code behind React's probes from the built site (decision 0027). The Navigation API is removed in React DOM
 * alone: our own source may use it.
 */
export const dropReactProbes = () => ({
  name: 'margin:drop-react-probes',
  apply: 'build' as const,
  config: () => ({ define: REACT_PROBES }),
  transform: {
    filter: { id: /[\\/]node_modules[\\/]react-dom[\\/]/ },
    handler: (code: string) => code.replaceAll(NAVIGATION_PROBE, 'false'),
  },
})
