from tests.journey.scenarios import answers, steps
from tests.journey.scenarios.driver import Story
def test_x(story: Story) -> None:
    import time
    t=time.time()
    steps.opened(story)
    steps.grouped_a(story)
    steps.planned(story, answers.MEDIATION_IRBID, "2026-01-14")
    steps.referred(story, answers.MEDIATION_IRBID)
    print(time.time()-t)
    print(story.todo("mol_officer.irbid"), story.instance())
    print(story.office("irbid"))
