from random import Random

from benchmarks.nation import Crowd, a_nation, is_special, plain_agents
from queueing.matching import covers

NATION = a_nation(agents=500, companies=10)


def test_the_same_nation_is_drawn_again():
    assert a_nation(agents=500, companies=10) == NATION


def test_whatever_the_crowd_wishes_somebody_could_serve():
    crowd = Crowd(NATION, Random(1))
    services = {each.id: each for each in NATION.services}

    wishes = {crowd.wish() for _ in range(300)}

    for service, topic in wishes:
        entry = services[service]
        needs = [*entry.needs, *([entry.topics[topic]] if topic else [])]
        assert any(covers(agent.skills, needs) for agent in NATION.agents)


def test_a_special_agent_serves_nobody_of_the_crowd():
    crowd = Crowd(NATION, Random(1))

    wished = {crowd.wish()[0] for _ in range(300)}

    specials = [agent for agent in NATION.agents if is_special(agent)]
    assert len(specials) + len(plain_agents(NATION)) == len(NATION.agents)
    for service in NATION.services:
        if service.id in wished:
            assert not any(covers(each.skills, service.needs) for each in specials)
