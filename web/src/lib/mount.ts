import { createElement, type ComponentType } from 'react'
import { createRoot } from 'react-dom/client'

/** Draws `Part` in the element of this id, over what stands there while the script is on its way. */
export function mount(id: string, Part: ComponentType): void {
  const place = document.getElementById(id)
  if (place) createRoot(place).render(createElement(Part))
}
