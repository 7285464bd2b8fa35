# What programs in a derived image see: an image of ours and, beside its packages, those of added.lock.
#   BASE         the image that they are added to, by its id
#   INDEX        where packages come from; empty: where pip looks by itself
#   EXTRA_INDEX  another place for them, or empty
ARG BASE

# What is there at another version goes first: nothing, unless the lock is of another version of ours.
FROM ${BASE} AS kept
LABEL ai-scientist.image=packages
COPY gone.txt /opt/about/
RUN [ ! -s /opt/about/gone.txt ] \
 || TMPDIR=/var/tmp python3 -m pip --python /opt/image/bin/python uninstall --quiet --yes -r /opt/about/gone.txt

# Packages that look for the system's OpenMP (LightGBM) get the one that scikit-learn brings: one runtime for all.
RUN for lib in /opt/image/lib/python3*/site-packages/scikit_learn.libs/libgomp-*; do \
      [ ! -e "$lib" ] || ldconfig -p | grep -q 'libgomp\.so\.1' || ln -s "$lib" /usr/lib/libgomp.so.1; done

# Laid beside the environment, so that no file of a package is run by its interpreter: not here, where there is a network.
# In a stage of its own: build arguments stay in the history of a stage, and an index may hold a password.
FROM kept AS install
LABEL ai-scientist.image=packages
ARG INDEX
ARG EXTRA_INDEX
COPY added.lock /
RUN mkdir -p /added/opt/about \
 && if [ -s /added.lock ]; then \
      TMPDIR=/var/tmp PIP_EXTRA_INDEX_URL="$EXTRA_INDEX" python3 -m pip --python /opt/image/bin/python install \
        --quiet --no-cache-dir --disable-pip-version-check --require-hashes --no-deps --only-binary :all: \
        ${INDEX:+-i "$INDEX"} --root /added -r /added.lock; fi \
 && python3 -m pip list --format json --path /opt/image/lib/python3*/site-packages \
      --path /added/opt/image/lib/python3*/site-packages >/added/opt/about/packages.json

FROM kept
LABEL ai-scientist.image=packages
COPY --from=install /added/opt/ /opt/
