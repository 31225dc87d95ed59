"""The desk: what an analyst would rather look at than type, and the same for programs. A face, like `cli`.

`desk` joins it, `access` says who may come, `pages`, `actions` and `api` answer, `signals` is for whoever runs it,
`shown` and `charts` make values ready to be looked at. It holds nothing of its own: all is asked of the archive and of
the jobs' toolbox. Needs the extra `web`.
"""
