"""Goals about signatures: met, not met, and nothing there."""

from __future__ import annotations

import pytest

from dockerlab.lab import Lab
from dockerlab.notebook.learning.goals import Goal, SignedAtAll, SignedBy

ONE, TWO, THREE = (f"localhost:5000/paper:{number}" for number in (1, 2, 3))
NOTHING = "the registry has no such image, or can't be reached"


@pytest.fixture(scope="module")
def lab() -> Lab:
    lab = Lab()
    lab.run("docker run -d -p 5000:5000 --name registry registry:2; export COSIGN_PASSWORD=ink")
    for number, name in enumerate((ONE, TWO), 1):
        build = f"printf 'FROM busybox\\nLABEL number={number}\\n' | docker build -q -t {name} -"
        assert lab.run(f"{build} && docker push {name}").exit_code == 0
    for prefix in ("mine", "other"):
        assert lab.run(f"cosign generate-key-pair --output-key-prefix {prefix}").exit_code == 0
    assert lab.run(f"cosign sign --key mine.key {ONE}").exit_code == 0
    lab.host.write("/lab/broken.pub", b"no key")
    return lab


@pytest.mark.parametrize(
    ("goal", "met", "have"),
    [
        (SignedBy(ONE, "/lab/mine.pub"), True, "a signature that holds"),
        (SignedBy(ONE, "/lab/other.pub"), False, "1 signatures of other keys"),
        (SignedBy(ONE, "/lab/broken.pub"), False, "1 signatures of other keys"),
        (SignedBy(ONE, "/lab/nothing.pub"), False, "no file /lab/nothing.pub"),
        (SignedBy(TWO, "/lab/mine.pub"), False, "no signature"),
        (SignedBy(THREE, "/lab/mine.pub"), False, NOTHING),
        (SignedAtAll(ONE), True, "1 signatures"),
        (SignedAtAll(TWO), False, "0 signatures"),
        (SignedAtAll(THREE), False, NOTHING),
        (SignedAtAll("localhost:5009/paper:1"), False, NOTHING),
    ],
    ids=str,
)
def test_a_goal_says_whether_it_is_met_and_what_there_is(lab: Lab, goal: Goal, met: bool, have: str) -> None:
    finding = goal.look(lab)
    assert (finding.met, finding.have) == (met, have)
    assert finding.wanted


def test_a_signature_of_another_image_under_the_same_name_does_not_count(lab: Lab) -> None:
    lab.run(f"docker tag {TWO} {ONE}; docker push {ONE}")
    assert SignedBy(ONE, "/lab/mine.pub").look(lab).have == "no signature"
