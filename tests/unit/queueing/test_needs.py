"""What a call requires: its service's needs, in its variant, about its topic."""

from queueing.catalogue import Need, ServiceEntry, SkillKind
from queueing.model import CompanyId, Mode, ServiceId, TopicId, VariantId
from queueing.needs import allowance, needs_of, served_in

BANK, LFPC, TEXT = CompanyId("bank"), VariantId("lfpc"), VariantId("text")
BILL = TopicId("bill")
KINDS = {
    "lsf": SkillKind.LANGUAGE,
    "lfpc": SkillKind.LANGUAGE,
    "text": SkillKind.MODE,
    "bank": SkillKind.ACCREDITATION,
    "interpreter": SkillKind.QUALIFICATION,
    "bills": SkillKind.TOPIC,
}


def a_service(**words):
    return ServiceEntry(
        id=ServiceId("demo"),
        company=BANK,
        needs=(Need("lsf", 2), Need("bank", 1), Need("interpreter", 1)),
        topics={BILL: Need("bills", 2)},
        variants={LFPC: (Need("lfpc", 1),), TEXT: (Need("text", 1),)},
        **words,
    )


def skills(needs):
    return {need.skill for need in needs}


def test_a_variant_takes_the_place_of_mode_and_language_alone():
    kind = KINDS.__getitem__

    assert skills(needs_of(a_service(), kind)) == {"lsf", "bank", "interpreter"}
    assert skills(needs_of(a_service(), kind, variant=LFPC)) == {
        *("lfpc", "bank", "interpreter")
    }


def test_a_topic_adds_its_need():
    needs = needs_of(a_service(), KINDS.__getitem__, variant=TEXT, topic=BILL)

    assert skills(needs) == {"text", "bank", "interpreter", "bills"}


def test_a_text_call_is_served_as_text_where_that_is_known_and_nothing_else_asked():
    silent = ServiceEntry(id=ServiceId("silent"), company=BANK, needs=(Need("lsf", 2),))

    assert served_in(a_service(), None, Mode.TEXT) == "text"
    assert served_in(a_service(), LFPC, Mode.TEXT) == "lfpc"
    assert served_in(a_service(), None, Mode.VIDEO) is None
    assert served_in(silent, None, Mode.TEXT) is None


def test_a_priority_brings_the_deadline_forward():
    assert allowance(a_service()) == 60
    assert allowance(a_service(target=90.0, priority=20.0)) == 70
