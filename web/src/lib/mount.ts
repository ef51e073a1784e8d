import { createElement, type ComponentType } from 'react'
import { createRoot } from 'react-dom/client'

/** Renders `Component` into the element with this id, in place of its loading state. */
export function mount(id: string, Component: ComponentType): void {
  const element = document.getElementById(id)
  if (element) createRoot(element).render(createElement(Component))
}
