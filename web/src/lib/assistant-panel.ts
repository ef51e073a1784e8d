/** Id of the panel beside the list that shows the assistant in a frame. */
export const ASSISTANT_PANEL = 'assistant'
