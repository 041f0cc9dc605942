"""Namespaces in messages: several zones on one upstream, none of which can see, name or infer what another one has.

- walk            every name of a message, wherever Kafka's definitions say that there is one
- translation     names both ways for one request and its reply
- consumer_protocol   names inside the opaque bytes of classic consumer groups
- entities        what the definitions do not say: coordinators, configurations, cursors, member data, patterns
- refusals        what concerns the whole upstream, and so nobody who has only a part of it
- interceptor     all of it in the chain
- cluster_view    what is known of an upstream, in the words of one namespace
"""
