"""The embedded chat model: llama.cpp in a process of its own, from a GGUF file to an agent model."""
