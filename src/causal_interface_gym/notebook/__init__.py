"""The playground as a widget of notebooks (JupyterLab, marimo): the kernel answers its questions.

Needs the extra ``notebook``. What is drawn and changed comes back as a model:

    from causal_interface_gym.notebook import Playground
    shown = Playground(model, treatment="X", outcome="Y")
    shown                     # as the last line of a cell
    shown.model.p("Y=1 | do(X=1)")
"""

from causal_interface_gym.notebook.playground import Playground

__all__ = ["Playground"]
