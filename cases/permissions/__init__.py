"""Who may do what: one predicate a rule, named by the transitions, one file a machine.

A permission takes the subject and the actor, a guard the subject alone. The order of
questions is fixed in services.py: is the step open now (409), then may this person
take it (403).
"""
